import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { analyse, type SpeakerModels } from './analyse.js';
import { tracksOfChunk } from './chunk-tracks.js';
import { identify } from './identify.js';
import { joinStretches, secondsOf, sharedSeconds } from './stretches.js';
import { groupBy } from './ties.js';
import type { BlockAnalysis, VoiceSample } from './types.js';
import { BLOCK_SAMPLES, BLOCK_WINDOWS, HOP_SAMPLES, SLOTS } from './windows.js';

/** A second voice in a sample has to be heard this long to be one. */
const MIN_VOICE_SECONDS = 0.5;

/**
 * What is heard in a sample of one person's voice: how much speech, how many voices, and what the one that speaks most
 * sounds like.
 *
 * @throws `call.signal.reason` when aborted.
 */
export async function sampleVoice(
  samples: Int16Array,
  models: SpeakerModels,
  call: { readonly signal?: AbortSignal } = {},
): Promise<VoiceSample> {
  const blocks: BlockAnalysis[] = [];
  for (let first = 0, last = false; !last; first += BLOCK_WINDOWS) {
    const begin = first * HOP_SAMPLES;
    const block = samples.subarray(begin, begin + BLOCK_SAMPLES);
    last = begin + BLOCK_SAMPLES >= samples.length;
    const start = begin / SAMPLE_RATE;
    blocks.push(await analyse({ samples: block, start, firstWindow: first, last }, models, call));
  }
  const end = samples.length / SAMPLE_RATE;
  const { speakers, turns } = identify([tracksOfChunk({ start: 0, end, blocks })], {});
  const heard = speakers
    .map(({ embedding }, speaker) => ({
      embedding,
      seconds: secondsOf(turns.filter((turn) => turn.speaker === speaker)),
    }))
    .sort((one, other) => other.seconds - one.seconds);
  const [main] = heard;
  const alone = heard.filter(({ seconds }, index) => index === 0 || seconds >= MIN_VOICE_SECONDS);
  // Two who talk all the time at once sound like one voice that is nobody's; segmentation hears that they are two.
  const together = overlapSeconds(blocks) >= MIN_VOICE_SECONDS ? 2 : 0;
  return {
    speechSeconds: secondsOf(joinStretches(turns, 0)),
    voices: Math.max(alone.length, together),
    ...(main && { embedding: main.embedding }),
  };
}

/** Seconds in which more than one voice is heard, in whichever window hears the most of it. */
function overlapSeconds(blocks: readonly BlockAnalysis[]): number {
  const slots = groupBy(blocks.flatMap(({ runs }) => runs));
  return [...slots].reduce((most, [key, runs]) => {
    const others = [...slots].filter(
      ([other]) => other > key && Math.floor(other / SLOTS) === Math.floor(key / SLOTS),
    );
    return others.reduce((longest, [, own]) => Math.max(longest, sharedSeconds(runs, own)), most);
  }, 0);
}
