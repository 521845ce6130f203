import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/**
 * Plain data, typed arrays among it, as compressed bytes, so that reading gives exactly what was written. JSON knows
 * neither typed arrays nor `undefined` nor numbers without end: these become objects with one field, `$`.
 */

/** Twice as quick as the next one, and hardly larger. */
const QUALITY = 1;

const ARRAYS = {
  Uint8Array,
  Int8Array,
  Uint16Array,
  Int16Array,
  Uint32Array,
  Int32Array,
  Float32Array,
  Float64Array,
} as const;

type Tagged = { readonly $: string; readonly of?: unknown };

/** Throws TypeError for what is not plain data: functions, dates, maps. */
export function encode(value: unknown): Buffer {
  const text = JSON.stringify({ value }, replace);
  return brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
}

/** Throws Error for bytes that `encode` did not make. */
export function decode(bytes: Uint8Array): unknown {
  const { value } = JSON.parse(brotliDecompressSync(bytes).toString()) as { value: unknown };
  return restore(value);
}

/** The value itself is read from its holder: a Buffer has turned itself into something else by now. */
function replace(this: Record<string, unknown>, key: string): unknown {
  const value = this[key];
  if (value === undefined) return { $: 'undefined' };
  if (typeof value === 'number') return isWritable(value) ? value : tagNumber(value);
  if (typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol')
    throw new TypeError(`A ${typeof value} cannot be stored`);
  if (value === null || typeof value !== 'object') return value;
  if (ArrayBuffer.isView(value)) return tagArray(value);
  if (!isPlain(value)) throw new TypeError(`A ${value.constructor.name} cannot be stored`);
  return Object.hasOwn(value, '$') ? { $: 'object', of: Object.entries(value) } : value;
}

/** Our own tags come by here, too: what they hold has been seen to. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

function isWritable(value: number): boolean {
  return Number.isFinite(value) && !Object.is(value, -0);
}

function tagNumber(value: number): Tagged {
  return { $: 'number', of: Object.is(value, -0) ? '-0' : String(value) };
}

function tagArray(view: ArrayBufferView): Tagged {
  const name = Buffer.isBuffer(view) ? 'Uint8Array' : view.constructor.name;
  if (!(name in ARRAYS)) throw new TypeError(`A ${name} cannot be stored`);
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return { $: name, of: bytes.toString('base64') };
}

/** Changes what was parsed in place: a long transcript is not copied once more. */
function restore(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = restore(value[index]);
    return value;
  }
  if ('$' in value) return untag(value as Tagged);
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (field !== null && typeof field === 'object') fields[key] = restore(field);
  }
  return value;
}

function untag({ $: name, of }: Tagged): unknown {
  if (name === 'undefined') return undefined;
  if (name === 'number') return Number(of);
  if (name === 'object') return Object.fromEntries(restore(of) as [string, unknown][]);
  if (!(name in ARRAYS)) throw new Error('Not written by this version');
  const bytes = Uint8Array.from(Buffer.from(of as string, 'base64'));
  return new ARRAYS[name as keyof typeof ARRAYS](bytes.buffer);
}
