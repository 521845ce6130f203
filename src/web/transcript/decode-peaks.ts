import { peaksOf } from './wave-columns.js';

/** Longer recordings would take hundreds of megabytes to decode. */
const MOST_SECONDS = 2 * 3600 + 60;
const MOST_BYTES = 400 * 2 ** 20;
/** Fine enough for a few seconds over a wide screen. */
const PEAKS_PER_SECOND = 50;
/** Low rates take little memory; browsers must know the second one, and some know the first. */
const SAMPLE_RATES = [3000, 8000] as const;

/**
 * How loud a recording is over time, decoded at a low sample rate, so that two hours fit in memory. Undefined where it is
 * too long or the browser cannot decode it: then there is no wave.
 */
export async function decodePeaks(
  recording: Blob,
  duration: number,
): Promise<Float32Array | undefined> {
  if (duration > MOST_SECONDS || recording.size > MOST_BYTES) return undefined;
  try {
    const context = openContext();
    const audio = await context.decodeAudioData(await recording.arrayBuffer());
    const channels = Array.from({ length: audio.numberOfChannels }, (_, channel) =>
      audio.getChannelData(channel),
    );
    return peaksOf(channels, Math.ceil(duration * PEAKS_PER_SECOND));
  } catch {
    return undefined;
  }
}

function openContext(): OfflineAudioContext {
  const [low, usual] = SAMPLE_RATES;
  try {
    return new OfflineAudioContext(1, 1, low);
  } catch {
    return new OfflineAudioContext(1, 1, usual);
  }
}
