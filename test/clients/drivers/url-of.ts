import type { Call } from '../call.js';

const PATHS = {
  transcribe: '/audio/transcriptions',
  translate: '/audio/translations',
  'list models': '/models',
  'retrieve model': '/models/',
} as const;

/** The URL of a call, for clients that know no API. */
export function urlOf({ baseUrl, operation, fields }: Call): string {
  const id = operation === 'retrieve model' ? encodeURIComponent(String(fields.model)) : '';
  return baseUrl + PATHS[operation] + id;
}
