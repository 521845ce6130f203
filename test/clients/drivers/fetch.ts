import { openAsBlob } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Call, Recording } from '../call.js';
import type { Driver } from '../driver.js';
import { formFields } from './form-fields.js';
import { outcomeOf } from './raw-answer.js';
import { urlOf } from './url-of.js';

const NO_RETRIES = 'it does not try again by itself';

/** The `fetch` and `FormData` of Node, which browsers have too. */
export const fetchClient: Driver = {
  id: 'fetch',
  name: 'fetch with FormData',
  version: `Node ${process.versions.node.split('.')[0]}`,
  lacks: {
    nameless: 'FormData names every file',
    retry429: NO_RETRIES,
    retry503: NO_RETRIES,
  },
  async perform(call) {
    const { headers, ...request } = await bodyOf(call);
    const response = await fetch(urlOf(call), {
      ...request,
      headers: { ...headers, authorization: `Bearer ${call.apiKey}` },
    });
    return outcomeOf({
      status: response.status,
      contentType: response.headers.get('content-type') ?? '',
      body: await response.text(),
    });
  },
};

type Sent = RequestInit & { readonly headers?: Record<string, string>; readonly duplex?: 'half' };

async function bodyOf({ operation, recording, fields }: Call): Promise<Sent> {
  if (operation === 'list models' || operation === 'retrieve model') return {};
  const form = new FormData();
  const { path, as } = recording ?? { path: '', as: 'file' };
  form.append('file', await blobOf({ path, as }), basename(path));
  for (const [name, value] of formFields(fields)) form.append(name, value);
  if (as !== 'stream') return { method: 'POST', body: form };
  // As a stream the body has no length, and is sent in chunks.
  const { body, headers } = new Response(form);
  const type = headers.get('content-type') ?? '';
  return { method: 'POST', body, duplex: 'half', headers: { 'content-type': type } };
}

async function blobOf({ path, as }: Recording): Promise<Blob> {
  return as === 'bytes' ? new Blob([new Uint8Array(await readFile(path))]) : openAsBlob(path);
}
