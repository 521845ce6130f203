const SAMPLE = 'test/fixtures/two-speakers-clean.flac';

/** What a ready server prints: its address, and two ways to try it that can be pasted as they are. */
export function welcome(url: string): string {
  return `
whosaid is ready at ${url}

Try it:
  curl ${url}/v1/audio/transcriptions -F file=@${SAMPLE} -F model=whisper-1

With OpenAI's SDK (npm install openai), in a file try.mjs:
  import { createReadStream } from 'node:fs';
  import OpenAI from 'openai';
  const openai = new OpenAI({ baseURL: '${url}/v1', apiKey: 'none' });
  const { text } = await openai.audio.transcriptions.create({
    file: createReadStream('${SAMPLE}'),
    model: 'whisper-1',
  });
  console.log(text);

Ctrl-C stops it.
`;
}
