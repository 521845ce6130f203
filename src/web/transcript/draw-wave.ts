import type { Size } from './use-size.js';
import {
  columnColours,
  columnPeaks,
  NO_COLOUR,
  type Span,
  type TimeWindow,
} from './wave-columns.js';

/** Screen pixels of a bar and the gap after it. */
const BAR_PIXELS = 3;
/** Height of a bar where the wave is not known, as part of the canvas: a timeline of turns. */
const FLAT = 0.5;
const LEAST = 0.03;
const TURN_OPACITY = 0.22;

/** Draws the part of a recording that is in sight: turns as coloured fields, and in them the wave. */
export function drawWave(
  canvas: HTMLCanvasElement,
  options: {
    readonly size: Size;
    readonly window: TimeWindow;
    readonly duration: number;
    readonly peaks: Float32Array | undefined;
    readonly spans: readonly Span[];
  },
): void {
  const { size, window, duration, peaks, spans } = options;
  const scale = devicePixelRatio;
  canvas.width = Math.round(size.width * scale);
  canvas.height = Math.round(size.height * scale);
  const context = canvas.getContext('2d');
  const columns = Math.floor(size.width / BAR_PIXELS);
  if (context === null || columns < 1) return;
  context.scale(scale, scale);
  const colours = columnColours(spans, { window, columns });
  const heights = peaks && columnPeaks(peaks, { window, columns, duration });
  const palette = colourPalette(canvas);
  for (let column = 0; column < columns; column += 1) {
    const colour = colours[column] ?? NO_COLOUR;
    const left = column * BAR_PIXELS;
    context.fillStyle = palette(colour);
    if (colour !== NO_COLOUR) {
      context.globalAlpha = TURN_OPACITY;
      context.fillRect(left, 0, BAR_PIXELS, size.height);
      context.globalAlpha = 1;
    }
    const part = heights?.[column] ?? (colour === NO_COLOUR ? LEAST : FLAT);
    const height = Math.max(LEAST, part) * size.height;
    context.fillRect(left, (size.height - height) / 2, BAR_PIXELS - 1, height);
  }
}

/** The colours of the style sheet, as they are now. */
function colourPalette(element: Element): (colour: number) => string {
  const style = getComputedStyle(element);
  const names = [
    '--wave-silent',
    ...Array.from({ length: 10 }, (_, index) => `--speaker-${index}`),
  ];
  const values = names.map((name) => style.getPropertyValue(name).trim() || 'gray');
  return (colour) => values[colour + 1] ?? 'gray';
}
