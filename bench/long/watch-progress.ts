import { AUDIO_SECONDS, scrape } from '../support/scrape.js';

/** How far a server was at some moment. */
export type ProgressPoint = {
  /** `performance.now()`. */
  readonly atMs: number;
  /** Seconds of the recording worked through by then. */
  readonly audioSeconds: number;
};

/**
 * Asks a server again and again how much audio it has worked through since the watch began. Moments at which it did
 * not answer are left out, and counted.
 */
export async function watchProgress({
  url,
  everyMs,
  onPoint,
}: {
  url: string;
  everyMs: number;
  onPoint?: (point: ProgressPoint) => void;
}): Promise<{ stop(): Promise<{ points: readonly ProgressPoint[]; missed: number }> }> {
  const worked = async () => {
    const seconds = (await scrape(url)).get(AUDIO_SECONDS);
    if (seconds === undefined) throw new Error(`/metrics has no ${AUDIO_SECONDS}.`);
    return seconds;
  };
  const before = await worked();
  const points: ProgressPoint[] = [{ atMs: performance.now(), audioSeconds: 0 }];
  let missed = 0;
  let asking: Promise<void> | undefined;

  const ask = async () => {
    try {
      const point = { audioSeconds: (await worked()) - before, atMs: performance.now() };
      points.push(point);
      onPoint?.(point);
    } catch {
      missed++;
    }
  };
  const timer = setInterval(() => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await asking;
      return { points, missed };
    },
  };
}
