import type { Example } from './types.js';

const SERVER = 'http://127.0.0.1:8000';
/** Parts that are files; their values are names of recordings that ship with the project. */
const FILE_PARTS = ['file', 'file[]', 'audio_file'];

/** A command that sends an example from the folder of the clone to a server with its default settings. */
export function curlOf({
  path,
  method,
  query = {},
  headers = {},
  fields,
  isStream = fields?.stream === true,
}: Omit<Example, 'summary'> & {
  readonly path: string;
  /** Where it is not the one that curl takes by itself. */
  readonly method?: string | undefined;
  /** What comes is to be shown at once. */
  readonly isStream?: boolean;
}): string {
  const search = new URLSearchParams(query).toString();
  const url = `${SERVER}${path}${search === '' ? '' : `?${search}`}`;
  const parts = Object.entries(fields ?? {}).flatMap(([name, value]) =>
    [value].flat().map((item) => `-F ${quoted(`${name}=${partOf(name, item)}`)}`),
  );
  const told = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const options = `${isStream ? '-N ' : ''}${method === undefined ? '' : `-X ${method} `}`;
  return [`curl ${options}${quoted(url)}`, ...told, ...parts].join(' \\\n  ');
}

function partOf(name: string, value: unknown): string {
  return FILE_PARTS.includes(name) ? `@test/fixtures/${value}` : String(value);
}

/** As a shell takes it: bare where it may be. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
