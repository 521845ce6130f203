const SAMPLE = 'test/fixtures/two-speakers-clean.flac';

export type WelcomeOptions = {
  /** Whether clients have to send a key. Default false. */
  readonly needsKey?: boolean;
  /** Whether everybody who reaches this machine over the network may use the server. Default false. */
  readonly isExposed?: boolean;
};

const WARNING = `
WARNING: anybody who reaches this machine over the network can use this server:
it listens beyond this machine and has no keys. Set API_KEYS (./bin/whosaid keys new
makes a key), or HOST=127.0.0.1.
`;

/** What a ready server prints: its address, and ways to try it; two can be pasted as they are. */
export function welcome(url: string, options: WelcomeOptions = {}): string {
  const { needsKey = false, isExposed = false } = options;
  // A key is for its owner to fill in: it is not shown here.
  const header = needsKey ? ' -H "Authorization: Bearer $API_KEY"' : '';
  const apiKey = needsKey ? 'process.env.API_KEY' : "'none'";
  return `
whosaid is ready at ${url}
${isExposed ? WARNING : ''}
In a browser: open that address.

Try it${needsKey ? ', with one of your keys in API_KEY' : ''}:
  curl ${url}/v1/audio/transcriptions${header} -F file=@${SAMPLE} -F model=whisper-1

With OpenAI's SDK (npm install openai), in a file try.mjs:
  import { createReadStream } from 'node:fs';
  import OpenAI from 'openai';
  const openai = new OpenAI({ baseURL: '${url}/v1', apiKey: ${apiKey} });
  const { text } = await openai.audio.transcriptions.create({
    file: createReadStream('${SAMPLE}'),
    model: 'whisper-1',
  });
  console.log(text);

Ctrl-C stops it.
`;
}
