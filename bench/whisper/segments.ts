import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AudioSegment, SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import { encodeWav } from '#services/audio/wav.js';
import { readWindows } from '#services/transcription/read-windows.js';

/** The segments that the pipeline would have recognised in a recording, in order of time. */
export async function plannedSegments(
  samples: Int16Array,
  speech: SpeechService,
): Promise<AudioSegment[]> {
  const blocks = (async function* () {
    yield samples;
  })();
  const { signal } = new AbortController();
  const planned: AudioSegment[] = [];
  for await (const window of readWindows({ blocks, start: 0, speech, signal })) {
    const at = (seconds: number) => Math.round((seconds - window.start) * SAMPLE_RATE);
    for (const { start, end } of window.segments)
      planned.push({ samples: window.samples.slice(at(start), at(end)) });
  }
  return planned;
}

/** Writes each segment as a WAV file and a list of them; gives the path of the list. */
export async function writeSegments(
  segments: readonly AudioSegment[],
  folder: string,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (const [index, { samples }] of segments.entries()) {
    const path = join(folder, `${index}.wav`);
    await writeFile(path, encodeWav(samples));
    paths.push(path);
  }
  const list = join(folder, 'segments.json');
  await writeFile(list, JSON.stringify(paths));
  return list;
}
