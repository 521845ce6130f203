import { filePart, multipart, type RawResponse, rawRequest, textParts } from '../raw-http.js';
import type { HostileFile } from './hostile-file.js';

export type PostOptions = {
  /** Address of the gateway. */
  readonly url: string;
  readonly files: AsyncIterable<HostileFile>;
  /** Requests at one time. */
  readonly atOnce: number;
};

export type Answers = {
  readonly files: number;
  /** How often each came: `200`, or the status and code of the error. */
  readonly counts: Readonly<Record<string, number>>;
  /** What no client should see, in words. */
  readonly wrong: readonly string[];
  readonly seconds: number;
  readonly slowest: { readonly seconds: number; readonly what: string };
};

/** Transcripts in several shapes: what hostile audio does to times and speakers is of interest, too. */
const FORMATS = ['json', 'json', 'verbose_json', 'json', 'srt'] as const;

/** Sends every file, several at once, and looks at what comes back. Never rejects because of an answer. */
export async function postFiles({ url, files, atOnce }: PostOptions): Promise<Answers> {
  const queue = files[Symbol.asyncIterator]();
  const counts: Record<string, number> = {};
  const wrong: string[] = [];
  let slowest = { seconds: 0, what: '' };
  let sent = 0;
  const beginMs = performance.now();
  const work = async (): Promise<void> => {
    for (;;) {
      const next = await queue.next();
      if (next.done) return;
      const what = `${next.value.family}: ${next.value.name}`;
      const responseFormat = FORMATS[sent % FORMATS.length] as string;
      sent += 1;
      const startMs = performance.now();
      const outcome = await post(url, next.value, responseFormat);
      const seconds = (performance.now() - startMs) / 1000;
      if (seconds > slowest.seconds) slowest = { seconds, what };
      counts[outcome.code] = (counts[outcome.code] ?? 0) + 1;
      if (outcome.wrong !== undefined) wrong.push(`${what}: ${outcome.wrong}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = (performance.now() - beginMs) / 1000;
  return { files: sent, counts, wrong, seconds, slowest };
}

type Outcome = { readonly code: string; readonly wrong?: string };

async function post(url: string, { bytes }: HostileFile, format: string): Promise<Outcome> {
  const fields = textParts({ model: 'whisper-1', response_format: format });
  const body = multipart([...fields, filePart(bytes, 'upload')]);
  try {
    const response = await rawRequest(`${url}/v1/audio/transcriptions`, {
      method: 'POST',
      ...body,
    });
    return judge(response, format);
  } catch (error) {
    return { code: 'no answer', wrong: String(error) };
  }
}

function judge({ status, body }: RawResponse, format: string): Outcome {
  if (status === 200) {
    const isTranscript = format === 'srt' || typeof parsed(body)?.text === 'string';
    return { code: '200', ...(!isTranscript && { wrong: `no transcript: ${body.slice(0, 200)}` }) };
  }
  const error = parsed(body)?.error as Record<string, unknown> | undefined;
  const keys = Object.keys(error ?? {}).sort();
  const isOpenAis = keys.join() === 'code,message,param,type' && typeof error?.message === 'string';
  const isClients = status >= 400 && status < 500;
  const code = `${status} ${kindOf(String(error?.message))}`;
  return isOpenAis && isClients ? { code } : { code, wrong: `${status} ${body.slice(0, 300)}` };
}

function parsed(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Most answers have OpenAI's one code, `invalid_value`; the first words of the message tell more. */
function kindOf(message: string): string {
  return message.split(/[.:(]/, 1)[0]?.slice(0, 60) ?? '';
}
