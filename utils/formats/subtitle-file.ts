import type { Cue } from '#utils/text/cues.js';
import { finite } from './numbers.js';

export type SubtitleFileOptions = {
  readonly format: 'SRT' | 'WebVTT';
  /** Makes a text, which has no line breaks, safe inside this format. Must not produce any. */
  readonly escapeText: (text: string) => string;
};

/**
 * Lays cues out as a subtitle file: in SubRip a number, the times and the text, in WebVTT no numbers, as at OpenAI. Every
 * cue ends in an empty line. Written by hand, so that it runs in a browser as well, and because packages count hours on
 * a clock face (a cue at 25 h would read `01:00:00,86400000`).
 */
export function writeSubtitleFile(cues: readonly Cue[], options: SubtitleFileOptions): string {
  const isVtt = options.format === 'WebVTT';
  const blocks = cues.map((cue, index) => {
    const times = timeLine(cue, isVtt ? '.' : ',');
    const number = isVtt ? [] : [String(index + 1)];
    return [...number, times, options.escapeText(cue.text), '', ''].join('\n');
  });
  return (isVtt ? 'WEBVTT\n\n' : '') + blocks.join('');
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
