import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValueInfo } from './schema.js';

/** ONNX element types (TensorProto.DataType). */
export const elementType = { float: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;
type ElementType = keyof typeof elementType;

/** Where the operators are that ONNX Runtime adds. */
export const RUNTIME_DOMAIN = 'com.microsoft';

/** AttributeProto.AttributeType. */
const attributeType = { float: 1, int: 2, tensor: 4, graph: 5, ints: 7 } as const;

type AttributeValue =
  | number
  | readonly number[]
  | { float: number }
  | { tensor: OnnxTensor }
  | { graph: OnnxGraph };

/** One node; `attributes` as whole numbers, lists of them, a fraction, a tensor or a graph. */
export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>> = {},
): OnnxNode {
  return {
    name: output[0] ?? opType,
    opType,
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  };
}

/** The same for an operator that ONNX Runtime adds to the standard's (its documentation: "Contrib Operators"). */
export function runtimeNode(...given: Parameters<typeof node>): OnnxNode {
  return { ...node(...given), domain: RUNTIME_DOMAIN };
}

function attribute(name: string, value: AttributeValue): OnnxAttribute {
  if (typeof value === 'number') return { name, type: attributeType.int, i: value };
  if ('float' in value) return { name, type: attributeType.float, f: value.float };
  if ('tensor' in value) return { name, type: attributeType.tensor, t: value.tensor };
  if ('graph' in value) return { name, type: attributeType.graph, g: value.graph };
  return { name, type: attributeType.ints, ints: [...value] };
}

/** A constant of whole numbers: `[]` dims for a scalar. */
export function int64Tensor(
  name: string,
  values: readonly number[],
  dims: readonly number[],
): OnnxTensor {
  return tensor(name, 'int64', BigInt64Array.from(values, BigInt), dims);
}

/** A constant from typed data in the machine's (little-endian) byte order. */
export function tensor(
  name: string,
  type: ElementType,
  data: ArrayBufferView,
  dims: readonly number[],
): OnnxTensor {
  return {
    name,
    dims: [...dims],
    dataType: elementType[type],
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  };
}

/** A graph input or output; a string is a symbolic dimension, no `dims` an unknown rank. */
export function valueInfo(
  name: string,
  type: ElementType,
  dims?: readonly (string | number)[],
): OnnxValueInfo {
  const dim = dims?.map((size) =>
    typeof size === 'string' ? { dimParam: size } : { dimValue: size },
  );
  return {
    name,
    type: { tensorType: { elemType: elementType[type], ...(dim && { shape: { dim } }) } },
  };
}
