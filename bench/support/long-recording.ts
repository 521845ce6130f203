import { SAMPLE_RATE } from '#services/asr/types.js';
import type { SpeakerTurn } from '#utils/transcript/types.js';
import { clearTurnIndices } from '../scoring/word-starts.js';
import { seededRandom } from './random.js';
import { writeLongWav } from './write-wav.js';

const SEED = 6;

/** A stretch of the recording that is repeated; in samples. */
type Cut = { readonly from: number; readonly to: number };

/** What follows what: turns with a pause after each. */
export type Plan<Turn extends SpeakerTurn = SpeakerTurn> = {
  readonly cuts: readonly Cut[];
  /** Where they are heard; seconds. With whatever else is known of them, such as their text. */
  readonly turns: readonly Turn[];
};

/**
 * Plans a conversation of at most `seconds` out of a shorter one: its turns that no other overlaps, all of them in a
 * new order again and again, with its own pauses between them. So every speaker keeps their share. The same for the
 * same input.
 */
export function planLongRecording<Turn extends SpeakerTurn>({
  turns,
  seconds,
  people = Number.POSITIVE_INFINITY,
}: {
  turns: readonly Turn[];
  seconds: number;
  /** Only the first so many speak. */
  people?: number;
}): Plan<Turn> {
  const random = seededRandom(SEED);
  const names = [...new Set(turns.map(({ speaker }) => speaker))].slice(0, people);
  const clear = clearTurnIndices(turns)
    .flatMap((index) => turns[index] ?? [])
    .filter(({ speaker }) => names.includes(speaker));
  const pauses = pausesOf(turns);
  const cuts: Cut[] = [];
  const planned: Turn[] = [];
  let at = 0;
  for (let left = seconds * SAMPLE_RATE; clear.length > 0; ) {
    for (const turn of shuffled(clear, random)) {
      const voice = cut(turn.start, turn.end);
      const pause = pauses[Math.floor(random() * pauses.length)] ?? cut(0, 0);
      const length = voice.to - voice.from;
      const both = length + pause.to - pause.from;
      if (both > left) return { cuts, turns: planned };
      planned.push({ ...turn, start: at / SAMPLE_RATE, end: (at + length) / SAMPLE_RATE });
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
  await writeLongWav({ path, seconds, blocks: plannedBlocks(plan, samples) });
}

/** The planned conversation, piece by piece. `samples` are those of the recording that was cut up. */
export function* plannedBlocks(plan: Plan, samples: Int16Array): Generator<Int16Array> {
  for (const { from, to } of plan.cuts) yield samples.subarray(from, to);
}

function cut(start: number, end: number): Cut {
  return { from: Math.round(start * SAMPLE_RATE), to: Math.round(end * SAMPLE_RATE) };
}

/** The stretches between turns in which nobody speaks: they sound of the room. */
function pausesOf(turns: readonly SpeakerTurn[]): Cut[] {
  const pauses: Cut[] = [];
  let spokenUntil = turns[0]?.end ?? 0;
  for (const { start, end } of turns) {
    if (start > spokenUntil) pauses.push(cut(spokenUntil, start));
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
