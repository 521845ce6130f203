import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/**
 * Plain data, typed arrays among it, as compressed bytes, so that reading gives exactly what was written. JSON knows
 * neither typed arrays nor `undefined` nor numbers without end: these become objects with one field, `$`.
 *
 * Floating-point arrays, which hardly compress, stand before the text as they are: a byte that tells this form, three
 * that are 0, the length of the arrays in bytes (32 bits, little end first), the arrays, the compressed text. An earlier
 * form was the compressed text alone with all arrays in it, as base64: it is still read.
 */

/** Twice as quick as the next one, and hardly larger. */
const QUALITY = 1;
/** No brotli stream begins with this byte (RFC 7932, 9.1), so the earlier form never does. */
const FORM = 0x11;
const HEAD_BYTES = 8;

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

/** Every array among the bytes begins at a multiple of the largest number's. */
const ALIGNMENT = 8;

type Tagged = {
  readonly $: string;
  /** What stands for the value; of an array, its bytes as base64, or `[first byte, values]` among those before the text. */
  readonly of?: unknown;
};

/** Throws TypeError for what is not plain data: functions, dates, maps. */
export function encode(value: unknown): Buffer {
  const arrays = new ArrayBytes();
  const text = JSON.stringify({ value }, replaceWith(arrays));
  const compressed = brotliCompressSync(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
    },
  });
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(FORM);
  head.writeUInt32LE(arrays.bytes, 4);
  return Buffer.concat([head, ...arrays.parts, compressed]);
}

/**
 * Throws Error for bytes that `encode` did not make. The floating-point arrays share one buffer, which is nobody else's.
 */
export function decode(bytes: Uint8Array): unknown {
  if (bytes[0] !== FORM) return parse(bytes, new ArrayBuffer(0));
  const { buffer, byteOffset, byteLength } = bytes;
  const end = HEAD_BYTES + new DataView(buffer, byteOffset, byteLength).getUint32(4, true);
  return parse(bytes.subarray(end), new Uint8Array(bytes.subarray(HEAD_BYTES, end)).buffer);
}

function parse(compressed: Uint8Array, arrays: ArrayBuffer): unknown {
  const { value } = JSON.parse(brotliDecompressSync(compressed).toString()) as { value: unknown };
  return restore(value, arrays);
}

/** Floating-point arrays one behind the other. */
class ArrayBytes {
  readonly parts: Uint8Array[] = [];
  bytes = 0;

  /** @returns Where it begins. */
  add({ buffer, byteOffset, byteLength }: ArrayBufferView): number {
    const first = this.bytes;
    const padding = -byteLength & (ALIGNMENT - 1);
    this.parts.push(new Uint8Array(buffer, byteOffset, byteLength));
    if (padding > 0) this.parts.push(new Uint8Array(padding));
    this.bytes += byteLength + padding;
    return first;
  }
}

/** The value itself is read from its holder: a Buffer has turned itself into something else by now. */
function replaceWith(arrays: ArrayBytes) {
  return function replace(this: Record<string, unknown>, key: string): unknown {
    const value = this[key];
    if (value === undefined) return { $: 'undefined' };
    if (typeof value === 'number') return isWritable(value) ? value : tagNumber(value);
    if (typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol')
      throw new TypeError(`A ${typeof value} cannot be stored`);
    if (value === null || typeof value !== 'object') return value;
    if (ArrayBuffer.isView(value)) return tagArray(value, arrays);
    if (!isPlain(value)) throw new TypeError(`A ${value.constructor.name} cannot be stored`);
    return Object.hasOwn(value, '$') ? { $: 'object', of: Object.entries(value) } : value;
  };
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

function tagArray(view: ArrayBufferView, arrays: ArrayBytes): Tagged {
  if (view instanceof Float32Array || view instanceof Float64Array)
    return { $: view.constructor.name, of: [arrays.add(view), view.length] };
  const name = Buffer.isBuffer(view) ? 'Uint8Array' : view.constructor.name;
  if (!(name in ARRAYS)) throw new TypeError(`A ${name} cannot be stored`);
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return { $: name, of: bytes.toString('base64') };
}

/** Changes what was parsed in place: a long transcript is not copied once more. */
function restore(value: unknown, arrays: ArrayBuffer): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    // Most are words, tokens and times: what stays the same is not written again.
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (item !== null && typeof item === 'object') value[index] = restore(item, arrays);
    }
    return value;
  }
  if ('$' in value) return untag(value as Tagged, arrays);
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (field !== null && typeof field === 'object') fields[key] = restore(field, arrays);
  }
  return value;
}

function untag({ $: name, of }: Tagged, arrays: ArrayBuffer): unknown {
  if (name === 'undefined') return undefined;
  if (name === 'number') return Number(of);
  if (name === 'object') return Object.fromEntries(restore(of, arrays) as [string, unknown][]);
  if (!(name in ARRAYS)) throw new Error('Not written by this version');
  const TypedArray = ARRAYS[name as keyof typeof ARRAYS];
  if (Array.isArray(of)) return new TypedArray(arrays, of[0] as number, of[1] as number);
  return new TypedArray(Uint8Array.from(Buffer.from(of as string, 'base64')).buffer);
}
