import { fileURLToPath } from 'node:url';

/** Where shared files are kept. */
export type BlobPlace =
  | { readonly type: 'folder'; readonly path: string }
  | {
      readonly type: 'bucket';
      readonly bucket: string;
      /** Names begin with this: empty, or it ends in `/`. */
      readonly prefix: string;
      /** Default: that of the environment. */
      readonly region: string | undefined;
      /** Default: Amazon's. */
      readonly endpoint: string | undefined;
      /** The bucket is in the path of addresses, not in the name of the host. */
      readonly forcePathStyle: boolean;
    };

const OPTIONS = ['endpoint', 'region', 'force_path_style'];

/** Reads BLOB_URL. Throws Error in words that come after "expected …, but". */
export function blobPlace(text: string): BlobPlace {
  const url = new URL(text);
  if (url.protocol === 'file:') return { type: 'folder', path: fileURLToPath(url) };
  const unknown = [...url.searchParams.keys()].find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined)
    throw new Error(`'${unknown}' is none of its options (${OPTIONS.join(', ')})`);
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint))
    throw new Error('its endpoint does not start with http:// or https://');
  const folder = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    type: 'bucket',
    bucket: url.hostname,
    prefix: folder === '' ? '' : `${folder}/`,
    region: url.searchParams.get('region') ?? undefined,
    endpoint,
    forcePathStyle: isOn(url.searchParams.get('force_path_style'), endpoint !== undefined),
  };
}

/** Few servers other than Amazon's have a host name for each bucket. */
function isOn(value: string | null, byDefault: boolean): boolean {
  if (value === null) return byDefault;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error("'force_path_style' is neither true nor false");
}
