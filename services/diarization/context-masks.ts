import { constantsOf, producersOf, wholeNumbers } from '../onnx/edit.js';
import type { OnnxGraph, OnnxNode } from '../onnx/schema.js';

/** Frames that share a mask, behind the layer that halves their rate. */
export const SEGMENT_FRAMES = 100;

/** A layer of context-aware masking (https://arxiv.org/abs/2303.00332) as it was exported. */
export type ContextMask = {
  /** What is masked by what it is about: [N,C,T]. */
  readonly features: string;
  /** Adds the mean of all frames to the mean of each segment; both are as long as the features: [N,C,T]. */
  readonly context: OnnxNode;
  /** Puts the mask over the features' convolution. */
  readonly masking: OnnxNode;
  /** Channels of the mask. */
  readonly channels: number;
};

/** From the sum to the features: how the export repeats each segment's mean for all of its frames. */
const REPETITION = ['Slice', 'Reshape', 'Expand', 'Unsqueeze', 'AveragePool', 'Pad'];
/** From the masking to the sum. */
const MASK = ['Sigmoid', 'Conv', 'Relu', 'Conv', 'Add'];

/**
 * Finds all masks of a CAM++ graph.
 *
 * @returns undefined where one of them is not as this project knows it, or there is none.
 */
export function findContextMasks(graph: OnnxGraph): ContextMask[] | undefined {
  const graphParts = { producers: producersOf(graph), constant: constantsOf(graph) };
  const sigmoids = graph.node.filter(({ opType }) => opType === 'Sigmoid');
  const masks = sigmoids.map((sigmoid) => {
    const [mask] = sigmoid.output;
    const users = graph.node.filter(({ input }) => input.includes(mask as string));
    return users.length === 1 ? contextMask(users[0] as OnnxNode, graphParts) : undefined;
  });
  const known = masks.filter((each) => each !== undefined);
  return known.length > 0 && known.length === masks.length ? known : undefined;
}

type GraphParts = {
  readonly producers: ReturnType<typeof producersOf>;
  readonly constant: ReturnType<typeof constantsOf>;
};

function contextMask(
  masking: OnnxNode,
  { producers, constant }: GraphParts,
): ContextMask | undefined {
  if (masking.opType !== 'Mul') return undefined;
  const [, mask = ''] = masking.input;
  const made = chain(mask, MASK, producers);
  const context = made?.at(-1);
  const channels = Number(constant(made?.[1]?.input[1] ?? '')?.dims[0] ?? 0);
  const [ofAll = '', ofSegments = ''] = context?.input ?? [];
  const mean = producers.get(ofAll);
  const repetition = chain(ofSegments, REPETITION, producers);
  const [pool, pad] = repetition?.slice(-2) ?? [];
  if (!context || !channels || !mean || !pool || !pad) return undefined;
  const [features = ''] = pad.input;
  const isKnown =
    mean.opType === 'ReduceMean' &&
    mean.input[0] === features &&
    isNumber(mean, 'axes', -1) &&
    isNumber(mean, 'keepdims', 1) &&
    isNumber(pool, 'kernel_shape', SEGMENT_FRAMES) &&
    isNumber(pool, 'strides', SEGMENT_FRAMES) &&
    isNumber(pool, 'ceil_mode', 1) &&
    wholeNumbers(pool, 'pads').every((frames) => frames === 0) &&
    isNothing(producers.get(pad.input[1] ?? ''));
  return isKnown ? { features, context, masking, channels } : undefined;
}

/** The nodes that make a value, each from the first input of the one before; undefined where they are others. */
function chain(
  value: string,
  operators: readonly string[],
  producers: ReadonlyMap<string, OnnxNode>,
): OnnxNode[] | undefined {
  const nodes: OnnxNode[] = [];
  for (const operator of operators) {
    const producer = producers.get(nodes.at(-1)?.input[0] ?? value);
    if (producer?.opType !== operator) return undefined;
    nodes.push(producer);
  }
  return nodes;
}

function isNumber(each: OnnxNode, attribute: string, wanted: number): boolean {
  const [value, ...more] = wholeNumbers(each, attribute);
  return value === wanted && more.length === 0;
}

/** A constant of zeros, as what a padding adds. */
function isNothing(constant: OnnxNode | undefined): boolean {
  const bytes = constant?.opType === 'Constant' ? constant.attribute[0]?.t?.rawData : undefined;
  return bytes?.every((byte) => byte === 0) ?? false;
}
