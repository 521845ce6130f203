import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

export type JobClient = { readonly url: string; readonly key?: string };

export type JobState = {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly message: string } | null;
};

export type JobEventLine = { readonly name: string; readonly data: Record<string, unknown> };

/** Makes a job of a file. Throws Error with the answer where it is not 202. */
export async function createJob(
  { url, key }: JobClient,
  { path, fields = {} }: { path: string; fields?: Readonly<Record<string, string>> },
): Promise<JobState> {
  const form = new FormData();
  form.set('file', await openAsBlob(path), basename(path));
  form.set('model', 'whisper-1');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const response = await fetch(`${url}/v1/audio/jobs`, {
    method: 'POST',
    body: form,
    headers: headersOf(key),
  });
  const body = await response.text();
  if (response.status !== 202)
    throw new Error(`A job was answered with ${response.status}: ${body}`);
  return JSON.parse(body) as JobState;
}

/** Everything that happened to a job, as soon as it has ended. */
export async function jobEvents({ url, key }: JobClient, id: string): Promise<JobEventLine[]> {
  const response = await fetch(`${url}/v1/audio/jobs/${id}/events`, { headers: headersOf(key) });
  const text = await response.text();
  return text.split('\n\n').flatMap((block) => {
    const name = /^event: (.*)$/m.exec(block)?.[1];
    const data = /^data: (.*)$/m.exec(block)?.[1];
    return name === undefined || data === undefined ? [] : [{ name, data: JSON.parse(data) }];
  });
}

export async function jobResult({ url, key }: JobClient, id: string): Promise<string> {
  const response = await fetch(`${url}/v1/audio/jobs/${id}/result`, { headers: headersOf(key) });
  const body = await response.text();
  if (!response.ok) throw new Error(`A result was answered with ${response.status}: ${body}`);
  return body;
}

function headersOf(key: string | undefined): Record<string, string> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}
