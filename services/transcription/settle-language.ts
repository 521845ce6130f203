import type { Reading } from './second-pass.js';

/** Detection hears too little in a segment that is shorter than this, in seconds. */
const SHORT_SECONDS = 4;
/** What has to be said in a language before short segments are taken to be in it as well, in seconds. */
const MAIN_SECONDS = 8;

/**
 * Finds the short segments of a window in which a model heard another language than in most of the window: "Mhm." is in
 * no language, and is easily taken for Welsh. Longer ones are believed: people do change languages.
 *
 * @returns The language to read them in (ISO 639-1), and which they are; undefined where nothing needs another reading.
 */
export function misheardLanguages(
  readings: readonly Reading[],
): { readonly language: string; readonly readings: readonly Reading[] } | undefined {
  const secondsIn = new Map<string, number>();
  for (const reading of readings) {
    const { language } = reading.recognised;
    if (reading.recognised.text === '' || isShort(reading)) continue;
    secondsIn.set(language, (secondsIn.get(language) ?? 0) + secondsOf(reading));
  }
  const [main] = [...secondsIn].sort(([, one], [, other]) => other - one);
  if (main === undefined || main[1] < MAIN_SECONDS) return undefined;
  const misheard = readings.filter(
    (reading) =>
      isShort(reading) && reading.recognised.text !== '' && reading.recognised.language !== main[0],
  );
  return misheard.length === 0 ? undefined : { language: main[0], readings: misheard };
}

function isShort(reading: Reading): boolean {
  return secondsOf(reading) < SHORT_SECONDS;
}

function secondsOf({ segment }: Reading): number {
  return segment.end - segment.start;
}
