import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import OpenAI, { APIError, toFile } from 'openai';
import type { Stream } from 'openai/core/streaming';
import { VERSION } from 'openai/version';
import type { Call, Outcome, Recording, StreamEvent } from '../call.js';
import { type Driver, openaiErrorName } from '../driver.js';

/** OpenAI's own client for Node. */
export const openaiNode: Driver = {
  id: 'openai-node',
  name: 'openai (Node)',
  version: VERSION,
  lacks: {},
  errorName: (status) => openaiErrorName(status, 'APIError'),
  async perform(call) {
    const client = new OpenAI({
      baseURL: call.baseUrl,
      apiKey: call.apiKey,
      maxRetries: call.retries,
    });
    const events: StreamEvent[] = [];
    try {
      const answer = await ask(client, call);
      if (call.fields.stream !== true) return { value: answer };
      for await (const event of answer as Stream<StreamEvent>) events.push(event);
      return { events };
    } catch (error) {
      if (!(error instanceof APIError)) throw error;
      return { ...(events.length > 0 && { events }), ...refusal(error) };
    }
  },
};

async function ask(client: OpenAI, { operation, recording, fields }: Call): Promise<unknown> {
  if (operation === 'list models') return (await client.models.list()).data;
  if (operation === 'retrieve model') return client.models.retrieve(String(fields.model));
  const body = { file: await fileOf(recording), ...fields };
  if (operation === 'translate') return client.audio.translations.create(body as never);
  return client.audio.transcriptions.create(body as never);
}

async function fileOf(recording: Recording | undefined) {
  const { path, as } = recording ?? { path: '', as: 'file' };
  if (as === 'stream') return createReadStream(path);
  const bytes = await readFile(path);
  if (as === 'nameless bytes') return toFile(bytes);
  return as === 'bytes'
    ? new File([new Uint8Array(bytes)], basename(path))
    : toFile(bytes, basename(path));
}

function refusal(error: APIError): Outcome {
  const { status = null, code = null, param = null, message } = error;
  // Its classes do not set a name of their own.
  return { refusal: { name: error.constructor.name, status, code, param, message } };
}
