import { SAMPLE_RATE } from '#services/asr/types.js';
import type { SpeakerTurn } from '#utils/transcript/types.js';
import { clearTurnIndices } from '../scoring/word-starts.js';
import { seededRandom } from '../support/random.js';
import { writeLongWav } from '../support/write-wav.js';

const SEED = 6;

/** A stretch of the recording that is repeated; in samples. */
type Cut = { readonly from: number; readonly to: number; readonly speaker: string | undefined };

/** What follows what: turns with a pause after each. */
export type Plan = {
  readonly cuts: readonly Cut[];
  /** Where they are heard; seconds. */
  readonly turns: readonly SpeakerTurn[];
};

/**
 * Plans a conversation of at most `seconds` out of a shorter one: its turns that no other overlaps, all of them in a
 * new order again and again, with its own pauses between them. So every speaker keeps their share. The same for the
 * same input.
 */
export function planLongRecording({
  turns,
  seconds,
}: {
  turns: readonly SpeakerTurn[];
  seconds: number;
}): Plan {
  const random = seededRandom(SEED);
  const clear = clearTurnIndices(turns).flatMap((index) => turns[index] ?? []);
  const voices = clear.map(({ start, end, speaker }) => cut(start, end, speaker));
  const pauses = pausesOf(turns);
  const cuts: Cut[] = [];
  const planned: SpeakerTurn[] = [];
  let at = 0;
  for (let left = seconds * SAMPLE_RATE; voices.length > 0; ) {
    for (const voice of shuffled(voices, random)) {
      const pause = pauses[Math.floor(random() * pauses.length)] ?? cut(0, 0, undefined);
      const length = voice.to - voice.from;
      const both = length + pause.to - pause.from;
      if (both > left) return { cuts, turns: planned };
      planned.push({
        start: at / SAMPLE_RATE,
        end: (at + length) / SAMPLE_RATE,
        speaker: voice.speaker ?? '',
      });
      cuts.push(voice, pause);
      at += both;
      left -= both;
    }
  }
  return { cuts, turns: planned };
}

/** Writes the planned conversation as a WAV file of exactly `seconds`, without ever holding all of it in memory. */
export async function writeLongRecording({
  plan,
  samples,
  path,
  seconds,
}: {
  plan: Plan;
  /** The recording that was cut up. */
  samples: Int16Array;
  path: string;
  seconds: number;
}): Promise<void> {
  const blocks = function* () {
    for (const { from, to } of plan.cuts) yield samples.subarray(from, to);
  };
  await writeLongWav({ path, seconds, blocks: blocks() });
}

function cut(start: number, end: number, speaker: string | undefined): Cut {
  return { from: Math.round(start * SAMPLE_RATE), to: Math.round(end * SAMPLE_RATE), speaker };
}

/** The stretches between turns in which nobody speaks: they sound of the room. */
function pausesOf(turns: readonly SpeakerTurn[]): Cut[] {
  const pauses: Cut[] = [];
  let spokenUntil = turns[0]?.end ?? 0;
  for (const { start, end } of turns) {
    if (start > spokenUntil) pauses.push(cut(spokenUntil, start, undefined));
    spokenUntil = Math.max(spokenUntil, end);
  }
  return pauses;
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const list = [...items];
  for (let last = list.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [list[last], list[other]] = [list[other] as T, list[last] as T];
  }
  return list;
}
