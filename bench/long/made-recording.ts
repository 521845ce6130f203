import { loadSettings } from '#config/settings.js';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Reference, ReferenceTurn } from '../scoring/references.js';
import { loadReferences } from '../scoring/references.js';
import { decodeAll } from '../support/decode-all.js';
import { planLongRecording, plannedBlocks } from '../support/long-recording.js';
import { longWav, longWavBytes } from '../support/write-wav.js';

/** A recording of any length that is made while it is read. */
export type MadeRecording = {
  /** What it is made of. */
  readonly source: Reference;
  readonly seconds: number;
  /** What is said in it, when and by whom. */
  readonly turns: readonly ReferenceTurn[];
  /** Size as a file. */
  readonly bytes: number;
  /** The file: 16-bit WAV, piece by piece. */
  wav(): Generator<Buffer>;
};

/**
 * A conversation of `seconds` made of the turns of the longest recording with a reference, in new orders: of all its
 * people, or of the first so many.
 */
export async function makeRecording(
  seconds: number,
  { people = Number.POSITIVE_INFINITY }: { people?: number } = {},
): Promise<MadeRecording> {
  const source = loadReferences().references.at(-1);
  if (source === undefined) throw new Error('There is no recording with a reference.');
  const { maxAudioSeconds } = loadSettings();
  const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds, warmChildren: 0 });
  try {
    const samples = await decodeAll(decoder, source.audio);
    const plan = planLongRecording({ turns: source.turns, seconds, people });
    return {
      source,
      seconds,
      turns: plan.turns,
      bytes: longWavBytes(seconds),
      wav: () => longWav({ seconds, blocks: plannedBlocks(plan, samples) }),
    };
  } finally {
    await decoder.dispose();
  }
}
