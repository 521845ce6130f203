import { type NodeCue, stringifySync } from 'subtitle';
import type { Cue } from '#utils/text/cues.js';
import { finite } from './numbers.js';

export type SubtitleFileOptions = {
  readonly format: 'SRT' | 'WebVTT';
  /** Makes a text safe inside this format. Must not produce line breaks. */
  readonly escapeText: (text: string) => string;
};

/**
 * Lays cues out as a subtitle file with the `subtitle` package and writes the time lines itself: the package counts
 * hours on a clock face (a cue at 25 h reads `01:00:00,86400000`), and it numbers WebVTT cues, which OpenAI does not.
 * Every cue ends in an empty line.
 */
export function writeSubtitleFile(cues: readonly Cue[], options: SubtitleFileOptions): string {
  const isVtt = options.format === 'WebVTT';
  const nodes = cues.map(
    (cue): NodeCue => ({
      type: 'cue',
      data: { start: 0, end: 0, text: options.escapeText(cue.text) },
    }),
  );
  // A text never holds an empty line, so one parts the blocks. Blocks are: number, times, text.
  const blocks = stringifySync(nodes, { format: options.format }).trimEnd().split('\n\n');
  if (isVtt) blocks.shift();
  const lines = cues.map((cue, index) => {
    const [number, , ...text] = (blocks[index] ?? '').split('\n');
    return [...(isVtt ? [] : [number]), timeLine(cue, isVtt ? '.' : ','), ...text, '', ''].join(
      '\n',
    );
  });
  return (isVtt ? 'WEBVTT\n\n' : '') + lines.join('');
}

function timeLine(cue: Cue, decimalMark: string): string {
  return `${timestamp(cue.start, decimalMark)} --> ${timestamp(cue.end, decimalMark)}`;
}

/** `hh:mm:ss,mmm`, rounded to the millisecond as a whole (59.9996 s is one minute); hours take as many digits as they need. */
function timestamp(timeSeconds: number, decimalMark: string): string {
  const totalMs = Math.max(0, Math.round(finite(timeSeconds) * 1000));
  const totalSeconds = Math.floor(totalMs / 1000);
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const hours = pad(Math.floor(totalSeconds / 3600));
  const minutes = pad(Math.floor(totalSeconds / 60) % 60);
  return `${hours}:${minutes}:${pad(totalSeconds % 60)}${decimalMark}${pad(totalMs % 1000, 3)}`;
}
