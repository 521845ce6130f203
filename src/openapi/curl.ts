import type { Example } from './types.js';

const SERVER = 'http://127.0.0.1:8000';
/** Parts that are files; their values are names of recordings that ship with the project. */
const FILE_PARTS = ['file', 'audio_file'];

/** A command that sends an example from the folder of the clone to a server with its default settings. */
export function curlOf({
  path,
  query = {},
  fields,
}: Pick<Example, 'query' | 'fields'> & { path: string }): string {
  const search = new URLSearchParams(query).toString();
  const url = `${SERVER}${path}${search === '' ? '' : `?${search}`}`;
  const parts = Object.entries(fields ?? {}).flatMap(([name, value]) =>
    [value].flat().map((item) => `-F ${quoted(`${name}=${partOf(name, item)}`)}`),
  );
  const isStream = fields?.stream === true;
  return [`curl ${isStream ? '-N ' : ''}${quoted(url)}`, ...parts].join(' \\\n  ');
}

function partOf(name: string, value: unknown): string {
  return FILE_PARTS.includes(name) ? `@test/fixtures/${value}` : String(value);
}

/** As a shell takes it: bare where it may be. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
