/** A stretch of time in one colour. */
export type Span = { readonly start: number; readonly end: number; readonly colour: number };

/** What of a recording is in sight, in seconds. */
export type TimeWindow = { readonly from: number; readonly to: number };

/** Nobody speaks here. */
export const NO_COLOUR = -1;

/**
 * Colours of `columns` columns that share a window evenly: that of the span which lasts longest in the column. A fixed
 * number of steps for each span and column, however many turns there are.
 */
export function columnColours(
  spans: readonly Span[],
  { window: { from, to }, columns }: { window: TimeWindow; columns: number },
): Int8Array {
  const colours = new Int8Array(columns).fill(NO_COLOUR);
  const longest = new Float64Array(columns);
  const perColumn = (to - from) / columns;
  if (!(perColumn > 0)) return colours;
  for (const { start, end, colour } of spans) {
    const first = Math.max(0, Math.floor((start - from) / perColumn));
    const last = Math.min(columns - 1, Math.floor((end - from) / perColumn));
    for (let column = first; column <= last; column += 1) {
      const edge = from + column * perColumn;
      const seconds = Math.min(end, edge + perColumn) - Math.max(start, edge);
      if (seconds > (longest[column] ?? 0)) {
        longest[column] = seconds;
        colours[column] = colour;
      }
    }
  }
  return colours;
}

/** Largest values of `count` even stretches of these samples, 0 to 1, whichever channel has them. */
export function peaksOf(channels: readonly Float32Array[], count: number): Float32Array {
  const peaks = new Float32Array(count);
  for (const samples of channels) {
    for (let index = 0; index < count; index += 1) {
      const end = Math.floor(((index + 1) * samples.length) / count);
      let peak = peaks[index] ?? 0;
      for (let at = Math.floor((index * samples.length) / count); at < end; at += 1) {
        const value = Math.abs(samples[at] ?? 0);
        if (value > peak) peak = value;
      }
      peaks[index] = peak;
    }
  }
  return peaks;
}

/** The largest peak of each column, scaled so that the loudest of the recording is 1. */
export function columnPeaks(
  peaks: Float32Array,
  { window, columns, duration }: { window: TimeWindow; columns: number; duration: number },
): Float32Array {
  const heights = new Float32Array(columns);
  const loudest = peaks.reduce((most, peak) => Math.max(most, peak), 0) || 1;
  const perColumn = (window.to - window.from) / columns;
  const perSecond = peaks.length / duration;
  for (let column = 0; column < columns; column += 1) {
    const start = window.from + column * perColumn;
    const first = Math.floor(start * perSecond);
    const end = Math.max(first + 1, Math.floor((start + perColumn) * perSecond));
    let peak = 0;
    for (let at = first; at < end; at += 1) peak = Math.max(peak, peaks[at] ?? 0);
    heights[column] = peak / loudest;
  }
  return heights;
}

/** A window of this length around a time, inside the recording. */
export function windowAround(
  seconds: number,
  { length, duration }: { length: number; duration: number },
): TimeWindow {
  const width = Math.min(length, duration);
  const from = Math.min(Math.max(0, seconds - width / 2), duration - width);
  return { from, to: from + width };
}
