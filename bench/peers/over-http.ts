import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Heard } from './protocol.js';

type Answer = {
  readonly words: readonly { word: string; start: number; end: number; speaker: string }[];
  readonly segments: readonly { start: number; end: number; speaker: string }[];
};

/**
 * Sends a file to a running server as a client that wants everything does: all words with their times, and who says
 * them. The turns are the segments of the answer, pauses inside them included.
 *
 * @throws Error with the server's answer when it is not a transcript
 */
export async function postWithSpeakers({
  url,
  path,
}: {
  url: string;
  path: string;
}): Promise<Heard> {
  const form = new FormData();
  form.set('file', await openAsBlob(path), basename(path));
  form.set('model', 'whisper-1');
  form.set('response_format', 'verbose_json');
  form.append('timestamp_granularities[]', 'word');
  form.append('timestamp_granularities[]', 'segment');
  form.set('diarize', 'true');
  const response = await fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body: form });
  const body = await response.text();
  if (!response.ok)
    throw new Error(`The server answered ${response.status}: ${body.slice(0, 500)}`);
  const { words, segments } = JSON.parse(body) as Answer;
  return {
    words: words.map(({ word, ...rest }) => ({ ...rest, text: word })),
    turns: segments.map(({ start, end, speaker }) => ({ start, end, speaker })),
  };
}
