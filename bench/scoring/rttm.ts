import type { SpeakerTurn } from '#utils/transcript/types.js';

/**
 * Reads the SPEAKER lines of an RTTM file (NIST's Rich Transcription Time Marked format): start and duration in seconds
 * in fields 4 and 5, the speaker in field 8. Other kinds of line are passed over.
 * @returns turns ordered by start
 * @throws Error naming the line that is no turn
 */
export function readRttm(text: string): SpeakerTurn[] {
  return text
    .split(/\r?\n/)
    .flatMap((line, index) => readLine(line, index + 1))
    .sort((one, other) => one.start - other.start);
}

function readLine(line: string, number: number): SpeakerTurn[] {
  const [kind, , , from, length, , , speaker] = line.trim().split(/\s+/);
  if (kind !== 'SPEAKER') return [];
  const [start, duration] = [Number(from), Number(length)];
  if (speaker === undefined || !(start >= 0) || !(duration >= 0))
    throw new Error(`Line ${number} of the RTTM file is no turn: ${line}`);
  return [{ start, end: start + duration, speaker }];
}

/**
 * Writes turns as RTTM, times to the millisecond.
 * @throws Error for a name that RTTM cannot hold: its fields are separated by white space
 */
export function writeRttm({
  recording,
  turns,
}: {
  recording: string;
  turns: readonly SpeakerTurn[];
}): string {
  const lines = turns.map(({ start, end, speaker }) => {
    for (const name of [recording, speaker])
      if (!/^\S+$/.test(name)) throw new Error(`RTTM cannot hold the name "${name}".`);
    // Start and end are rounded, not the duration: what touches still touches afterwards.
    const [from, to] = [Math.round(start * 1000), Math.round(end * 1000)];
    const times = `${(from / 1000).toFixed(3)} ${((to - from) / 1000).toFixed(3)}`;
    return `SPEAKER ${recording} 1 ${times} <NA> <NA> ${speaker} <NA> <NA>\n`;
  });
  return lines.join('');
}
