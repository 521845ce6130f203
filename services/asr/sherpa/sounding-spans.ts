import { type AudioSegment, SAMPLE_RATE } from '../types.js';

/** Seconds from the start of a segment. */
export type Span = { readonly start: number; readonly end: number };

/** Loudness is compared over windows of so many samples (30 ms). */
const WINDOW = Math.round(0.03 * SAMPLE_RATE);
/** A window so much quieter than the loudest one, in power, is a pause: 35 dB. */
const QUIETEST = 10 ** -3.5;
/** Shorter pauses are part of speech. */
const SHORTEST_PAUSE_SECONDS = 0.2;

/**
 * Where a segment has sound, in order. A segment is speech already; this leaves out its pauses. All of it where there
 * is none that stands out.
 */
export function soundingSpans({ samples }: AudioSegment): Span[] {
  const seconds = samples.length / SAMPLE_RATE;
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += WINDOW) {
    const part = samples.subarray(at, at + WINDOW);
    powers.push(part.reduce((sum, value) => sum + value ** 2, 0) / part.length);
  }
  const loudest = Math.max(0, ...powers);
  const spans: { start: number; end: number }[] = [];
  powers.forEach((power, index) => {
    if (loudest === 0 || power < loudest * QUIETEST) return;
    const start = (index * WINDOW) / SAMPLE_RATE;
    const end = Math.min(seconds, ((index + 1) * WINDOW) / SAMPLE_RATE);
    const open = spans.at(-1);
    if (open && start - open.end < SHORTEST_PAUSE_SECONDS) open.end = end;
    else spans.push({ start, end });
  });
  return spans.length > 0 ? spans : [{ start: 0, end: seconds }];
}

/**
 * Divides spans among words by their sizes (a space counts as one more), in order. A word that reaches over a pause
 * has it inside.
 */
export function shareTimes(sizes: readonly number[], spans: readonly Span[]): Span[] {
  const total = sizes.reduce((sum, size) => sum + size + 1, 0);
  const length = spans.reduce((sum, { start, end }) => sum + end - start, 0);
  let before = 0;
  return sizes.map((size) => {
    const start = timeAfter((before / total) * length, spans, 'start');
    before += size + 1;
    return { start, end: timeAfter((before / total) * length, spans, 'end') };
  });
}

/** When so much sound is over; at a pause, a `start` is behind it and an `end` before it. */
function timeAfter(sound: number, spans: readonly Span[], side: 'start' | 'end'): number {
  let left = sound;
  for (const [index, { start, end }] of spans.entries()) {
    const isLast = index === spans.length - 1;
    const fits = side === 'end' ? left <= end - start + 1e-9 : left < end - start - 1e-9;
    if (fits || isLast) return Math.min(start + left, end);
    left -= end - start;
  }
  return 0;
}
