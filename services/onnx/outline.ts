import { type FileHandle, open } from 'node:fs/promises';

/** What can be told about a model without reading its weights. */
export type OnnxOutline = {
  /** Key and value pairs that the exporter left. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Names of the graph's outputs. */
  readonly outputs: readonly string[];
  /** Name of the first output of every node with the operator that was asked for, in the graph's order. */
  readonly nodeOutputs: readonly string[];
};

/** Field numbers of ONNX's protobuf messages (onnx/onnx.proto in the ONNX specification). */
const MODEL_GRAPH = 7;
const MODEL_METADATA = 14;
const GRAPH_NODE = 1;
const GRAPH_OUTPUT = 12;
const NODE_OUTPUT = 2;
const NODE_OPERATOR = 4;

/** No name, value or other small part of a model is larger; what is, is weights. */
const LARGEST_PART_BYTES = 1 << 20;
/** Most fields are small and follow each other: one read brings many of them. */
const READ_BYTES = 1 << 16;

/**
 * Reads the outline of an ONNX file: a walk over its fields that skips the weights.
 *
 * @throws Error when the file is cut short or is no ONNX model; `message` says where it breaks. A native library would
 * end the process over such a file.
 */
export async function readOnnxOutline(
  path: string,
  { operator }: { readonly operator?: string } = {},
): Promise<OnnxOutline> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const reader = new FieldReader(file);
    const metadata = new Map<string, string>();
    const outputs: string[] = [];
    const nodeOutputs: string[] = [];
    let hasGraph = false;
    for await (const field of reader.fields(0, size)) {
      if (field.id === MODEL_METADATA) addPair(metadata, await reader.bytes(field));
      if (field.id !== MODEL_GRAPH) continue;
      hasGraph = true;
      for await (const part of reader.fields(field.start, field.end)) {
        if (part.id === GRAPH_OUTPUT) outputs.push(textOf(await reader.bytes(part), 1));
        // A node that is large holds weights.
        const isNode = part.id === GRAPH_NODE && part.end - part.start <= LARGEST_PART_BYTES;
        if (operator === undefined || !isNode) continue;
        const node = await reader.bytes(part);
        if (textOf(node, NODE_OPERATOR) === operator) nodeOutputs.push(textOf(node, NODE_OUTPUT));
      }
    }
    if (!hasGraph) throw new Error('it holds no graph');
    return { metadata, outputs, nodeOutputs };
  } finally {
    await file.close();
  }
}

type Field = { readonly id: number; readonly start: number; readonly end: number };

class FieldReader {
  readonly #file: FileHandle;
  #buffer = Buffer.alloc(0);
  #bufferStart = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** The length-delimited fields between two offsets; others are stepped over. */
  async *fields(from: number, to: number): AsyncGenerator<Field> {
    for (let at = from; at < to; ) {
      const head = await this.#read(at, Math.min(20, to - at));
      const tag = varint(head, 0);
      const wire = tag.value & 7;
      if (wire === 2) {
        const length = varint(head, tag.bytes);
        const start = at + tag.bytes + length.bytes;
        const end = start + length.value;
        if (end > to) throw new Error(`it is cut short: ${end - to} bytes are missing`);
        yield { id: Math.floor(tag.value / 8), start, end };
        at = end;
      } else at += tag.bytes + plainLength(wire, head, tag.bytes);
      if (at > to) throw new Error('it is cut short');
    }
  }

  async bytes({ start, end }: Field): Promise<Buffer> {
    if (end - start > LARGEST_PART_BYTES)
      throw new Error('a part of it is larger than any should be');
    return this.#read(start, end - start);
  }

  async #read(at: number, length: number): Promise<Buffer> {
    const offset = at - this.#bufferStart;
    if (offset < 0 || offset + length > this.#buffer.length) {
      const wanted = Buffer.alloc(Math.max(READ_BYTES, length));
      const { bytesRead } = await this.#file.read(wanted, 0, wanted.length, at);
      this.#buffer = wanted.subarray(0, bytesRead);
      this.#bufferStart = at;
      if (bytesRead < length) throw new Error('it is cut short');
      return this.#buffer.subarray(0, length);
    }
    return this.#buffer.subarray(offset, offset + length);
  }
}

/** Length of a field that is no bytes; protobuf's wire types 0, 1 and 5. */
function plainLength(wire: number, head: Buffer, at: number): number {
  if (wire === 0) return varint(head, at).bytes;
  if (wire === 1) return 8;
  if (wire === 5) return 4;
  throw new Error('it is no ONNX model');
}

function varint(bytes: Buffer, from: number): { value: number; bytes: number } {
  let value = 0;
  for (let index = 0; index < 10; index++) {
    const byte = bytes[from + index];
    if (byte === undefined) throw new Error('it is cut short');
    value += (byte & 127) * 2 ** (7 * index);
    if (byte < 128) return { value, bytes: index + 1 };
  }
  throw new Error('it is no ONNX model');
}

function addPair(pairs: Map<string, string>, entry: Buffer): void {
  pairs.set(textOf(entry, 1), textOf(entry, 2));
}

/** The text in field `wanted` of a small message; empty where it has none. */
function textOf(message: Buffer, wanted: number): string {
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at);
    at += tag.bytes;
    if ((tag.value & 7) !== 2) {
      at += plainLength(tag.value & 7, message, at);
      continue;
    }
    const length = varint(message, at);
    at += length.bytes;
    if (tag.value >> 3 === wanted) return message.toString('utf8', at, at + length.value);
    at += length.value;
  }
  return '';
}
