import { type FileHandle, open } from 'node:fs/promises';

/** An input or output of a graph. */
export type OnnxTensorOutline = {
  readonly name: string;
  /** ONNX element type (TensorProto.DataType); 0 where it is no tensor. */
  readonly elementType: number;
  /** Size of each dimension, -1 where it is not fixed; absent where not even their number is. */
  readonly dims?: readonly number[];
};

/** What can be told about a model without reading its weights. */
export type OnnxOutline = {
  /** Key and value pairs that the exporter left. */
  readonly metadata: ReadonlyMap<string, string>;
  /** The graph's inputs, without those that are weights (files of old exporters list them too). */
  readonly inputTensors: readonly OnnxTensorOutline[];
  /** The graph's outputs. */
  readonly outputTensors: readonly OnnxTensorOutline[];
  /** Names of the graph's outputs. */
  readonly outputs: readonly string[];
  /** Name of the first output of every node with the operator that was asked for, in the graph's order. */
  readonly nodeOutputs: readonly string[];
};

/** Field numbers of ONNX's protobuf messages (onnx/onnx.proto in the ONNX specification). */
const MODEL_GRAPH = 7;
const MODEL_METADATA = 14;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const INITIALIZER_NAME = 8;
const NODE_OUTPUT = 2;
const NODE_OPERATOR = 4;

/** No name, value or other small part of a model is larger; what is, is weights. */
const LARGEST_PART_BYTES = 1 << 20;
/** Except in metadata, where some exporters leave a whole vocabulary (2.5 MB in one of 270,000 tokens). */
const LARGEST_METADATA_BYTES = 1 << 25;
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
    const inputTensors: OnnxTensorOutline[] = [];
    const outputTensors: OnnxTensorOutline[] = [];
    const weights = new Set<string>();
    const nodeOutputs: string[] = [];
    let hasGraph = false;
    for await (const field of reader.fields(0, size)) {
      if (field.id === MODEL_METADATA)
        addPair(metadata, await reader.bytes(field, LARGEST_METADATA_BYTES));
      if (field.id !== MODEL_GRAPH) continue;
      hasGraph = true;
      for await (const part of reader.fields(field.start, field.end)) {
        if (part.id === GRAPH_INPUT) inputTensors.push(tensorOf(await reader.bytes(part)));
        if (part.id === GRAPH_OUTPUT) outputTensors.push(tensorOf(await reader.bytes(part)));
        if (part.id === GRAPH_INITIALIZER) weights.add(await initializerName(reader, part));
        // A node that is large holds weights.
        const isNode = part.id === GRAPH_NODE && part.end - part.start <= LARGEST_PART_BYTES;
        if (operator === undefined || !isNode) continue;
        const node = await reader.bytes(part);
        if (textOf(node, NODE_OPERATOR) === operator) nodeOutputs.push(textOf(node, NODE_OUTPUT));
      }
    }
    if (!hasGraph) throw new Error('it holds no graph');
    return {
      metadata,
      inputTensors: inputTensors.filter(({ name }) => !weights.has(name)),
      outputTensors,
      outputs: outputTensors.map(({ name }) => name),
      nodeOutputs,
    };
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

  async bytes({ start, end }: Field, largest = LARGEST_PART_BYTES): Promise<Buffer> {
    if (end - start > largest) throw new Error('a part of it is larger than any should be');
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

/** A weight's name stands before or behind its data, which is stepped over. */
async function initializerName(reader: FieldReader, part: Field): Promise<string> {
  for await (const field of reader.fields(part.start, part.end))
    if (field.id === INITIALIZER_NAME) return (await reader.bytes(field)).toString('utf8');
  return '';
}

/** ValueInfoProto: name (1), type (2) → tensor type (1) → element type (1), shape (2) → dimensions (1) → size (1). */
function tensorOf(info: Buffer): OnnxTensorOutline {
  const name = textOf(info, 1);
  const type = partsOf(info, 2)[0]?.bytes ?? Buffer.alloc(0);
  const tensor = partsOf(type, 1)[0]?.bytes;
  if (!tensor) return { name, elementType: 0 };
  const elementType = partsOf(tensor, 1)[0]?.value ?? 0;
  const shape = partsOf(tensor, 2)[0]?.bytes;
  if (!shape) return { name, elementType };
  const dims = partsOf(shape, 1).map(({ bytes }) => partsOf(bytes, 1)[0]?.value ?? -1);
  return { name, elementType, dims };
}

function addPair(pairs: Map<string, string>, entry: Buffer): void {
  pairs.set(textOf(entry, 1), textOf(entry, 2));
}

/** The text in field `wanted` of a small message; empty where it has none. */
function textOf(message: Buffer, wanted: number): string {
  return partsOf(message, wanted)[0]?.bytes.toString('utf8') ?? '';
}

/** What a small message holds in field `wanted`, in its order: bytes, or the number of a variable-length integer. */
function partsOf(message: Buffer, wanted: number): { bytes: Buffer; value?: number }[] {
  const parts: { bytes: Buffer; value?: number }[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = varint(message, at);
    at += tag.bytes;
    const wire = tag.value & 7;
    const length = wire === 2 ? varint(message, at) : undefined;
    const start = at + (length?.bytes ?? 0);
    const end = length ? start + length.value : at + plainLength(wire, message, at);
    if (tag.value >> 3 === wanted) {
      const bytes = message.subarray(start, end);
      parts.push(wire === 0 ? { bytes, value: varint(message, at).value } : { bytes });
    }
    at = end;
  }
  return parts;
}
