import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createOpenAI, VERSION as PROVIDER_VERSION } from '@ai-sdk/openai';
import { APICallError, type JSONValue, experimental_transcribe as transcribe } from 'ai';
import type { Call, Outcome } from '../call.js';
import type { Driver } from '../driver.js';

const { version: VERSION } = createRequire(import.meta.url)('ai/package.json');

const NO_FORMAT = 'it chooses the response format itself';
const NO_STREAM = 'its transcribe() does not stream';
const NO_TRANSLATION = 'it does not translate';
const NO_MODELS = 'it does not list models';

/** Vercel's AI SDK with its provider for OpenAI. */
export const aiSdk: Driver = {
  id: 'ai-sdk',
  name: 'ai',
  version: `${VERSION} with @ai-sdk/openai ${PROVIDER_VERSION}`,
  lacks: {
    text: NO_FORMAT,
    srt: NO_FORMAT,
    vtt: NO_FORMAT,
    diarized: NO_FORMAT,
    knownSpeakers: NO_FORMAT,
    stream: NO_STREAM,
    streamSpeakers: NO_STREAM,
    streamProgress: NO_STREAM,
    streamError: NO_STREAM,
    file: 'it takes bytes or a URL',
    streamOfFile: 'it takes bytes or a URL',
    nameless: 'it always names the file',
    badField: 'it checks fields itself',
    chunking: 'it has no such option',
    translatedJson: NO_TRANSLATION,
    translatedVerbose: NO_TRANSLATION,
    translatedText: NO_TRANSLATION,
    translatedSrt: NO_TRANSLATION,
    translatedVtt: NO_TRANSLATION,
    listModels: NO_MODELS,
    retrieveModel: NO_MODELS,
  },
  errorName: () => 'AI_APICallError',
  async perform(call) {
    const { baseUrl, apiKey, retries, recording, fields } = call;
    const provider = createOpenAI({ baseURL: baseUrl, apiKey });
    try {
      const result = await transcribe({
        model: provider.transcription(String(fields.model)),
        audio: await readFile(recording?.path ?? ''),
        maxRetries: retries,
        ...optionsOf(call),
      });
      const body = bodyOf(result.responses[0]);
      assert.equal(result.text, body.text);
      // What it makes of the answer, beside the answer itself.
      if (body.segments !== undefined || body.words !== undefined)
        assert.deepEqual([result.language, result.segments.length > 0], ['en', true]);
      assert.ok((result.durationInSeconds ?? 0) > 4, 'it found no duration');
      return { value: body };
    } catch (error) {
      if (!APICallError.isInstance(error)) throw error;
      return refusal(error);
    }
  },
};

/** The answer itself, which its types do not know. */
function bodyOf(response: unknown): Record<string, unknown> {
  return (response as { body: Record<string, unknown> }).body;
}

/** Its options in its own spelling. With any, even none of them set, it asks for verbose_json. */
function optionsOf({ fields }: Call): { providerOptions?: { openai: Record<string, JSONValue> } } {
  const { model: _, response_format: format, timestamp_granularities, ...others } = fields;
  const granularities = timestamp_granularities as string[] | undefined;
  const options: Record<string, JSONValue> = {
    ...(others as Record<string, JSONValue>),
    ...(granularities && { timestampGranularities: granularities }),
  };
  if (format === undefined && Object.keys(options).length === 0) return {};
  return { providerOptions: { openai: options } };
}

function refusal({ statusCode, data, message, name }: APICallError): Outcome {
  const error = (data as { error?: { code?: string; param?: string } } | undefined)?.error;
  return {
    refusal: {
      name,
      status: statusCode ?? null,
      code: error?.code ?? null,
      param: error?.param ?? null,
      message,
    },
  };
}
