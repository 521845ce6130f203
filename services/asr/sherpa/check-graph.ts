import type { OnnxOutline, OnnxTensorOutline } from '../../onnx/outline.js';
import type { GraphRole } from './family.js';

/** ONNX element types (TensorProto.DataType). */
const TYPES: Readonly<Record<string, readonly number[]>> = {
  float: [1],
  int32: [6],
  int64: [7],
  int: [6, 7],
  bool: [9],
};

/**
 * What keeps sherpa-onnx from using this file in this role, as the end of a sentence; undefined where nothing does.
 * sherpa would end the process over each of these.
 */
export function graphProblem(outline: OnnxOutline, role: GraphRole): string | undefined {
  return (
    metadataProblem(outline.metadata, role) ??
    tensorsProblem('inputs', outline.inputTensors, role.inputs) ??
    tensorsProblem('outputs', outline.outputTensors, role.outputs)
  );
}

function metadataProblem(
  metadata: ReadonlyMap<string, string>,
  { metadata: numbers = [], texts = [], values = {} }: GraphRole,
): string | undefined {
  const needed = [...numbers, ...texts, ...Object.keys(values)];
  const missing = needed.filter((key) => (metadata.get(key) ?? '') === '');
  if (missing.length > 0) return `its metadata lacks ${missing.join(', ')}`;
  for (const key of numbers)
    if (!/^\d+$/.test(metadata.get(key) ?? ''))
      return `its metadata has '${metadata.get(key)}' for ${key}, which is no number`;
  for (const [key, allowed] of Object.entries(values))
    if (!allowed.includes(metadata.get(key) ?? ''))
      return `its metadata has '${metadata.get(key)}' for ${key}, not ${allowed.join(' or ')}`;
  return undefined;
}

function tensorsProblem(
  what: 'inputs' | 'outputs',
  tensors: readonly OnnxTensorOutline[],
  expected: readonly string[],
): string | undefined {
  const wanted = expected.map((text) => text.replace(/ [*?]$/, ''));
  const least = expected.filter((text) => !text.endsWith('?')).length;
  const most = expected.at(-1)?.endsWith('*') ? Infinity : expected.length;
  if (tensors.length < least || tensors.length > most) {
    const names = wanted.map((text) => text.split(' ')[0]).join(', ');
    return `it has ${tensors.length} ${what}, not ${least}${most > least ? ' or more' : ''} (${names})`;
  }
  for (const [index, tensor] of tensors.entries()) {
    const fit = wanted[Math.min(index, wanted.length - 1)] as string;
    if (!fits(tensor, fit)) return `its ${what} '${tensor.name}' is no '${fit}'`;
  }
  return undefined;
}

function fits({ elementType, dims }: OnnxTensorOutline, wanted: string): boolean {
  const [, type = 'any', rank] = wanted.split(' ');
  const isType = TYPES[type]?.includes(elementType) ?? elementType !== 0;
  return isType && (rank === undefined || dims === undefined || dims.length === Number(rank));
}
