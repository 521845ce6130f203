import { int64Tensor, node, tensor } from '../onnx/build.js';
import { pruned } from '../onnx/edit.js';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../onnx/schema.js';
import { type ContextMask, findContextMasks, SEGMENT_FRAMES } from './context-masks.js';
import { framesAsImages } from './frames-as-images.js';

/** Prefix of every value name that this file adds to the graph. */
const own = (name: string) => `whosaid/${name}`;

/** Versions of ONNX's operators in which the nodes below mean what is said here. */
const KNOWN_OPSETS = [13, 17] as const;

/**
 * A CAM++ graph that computes the same, up to rounding, for about two thirds of the time:
 *
 * - A mask is the same for all frames of a segment. It is computed once a segment (a product with a matrix of means that
 *   all layers share), and repeated at its end, by a product with a matrix of zeros and ones. The export repeats what
 *   the mask is computed from, so that all of it is done for each frame, by a dozen nodes in each layer.
 * - Frames are images of one row: the runtime has its fast layout of memory, and faster convolutions, for images only.
 *
 * Inputs, outputs and weights stay as they are.
 *
 * @returns undefined where the graph is not one of CAM++ as this project knows it.
 */
export function leanEmbeddingGraph(model: OnnxModel): OnnxModel | undefined {
  const opset = Number(model.opsetImport.find(({ domain }) => !domain)?.version ?? 0);
  if (opset < KNOWN_OPSETS[0] || opset > KNOWN_OPSETS[1]) return undefined;
  const masks = findContextMasks(model.graph);
  if (!masks) return undefined;
  const contexts = new Map(masks.map((mask) => [mask.context, mask]));
  const maskings = new Map(masks.map((mask) => [mask.masking, mask]));
  const [first] = masks;
  const node = model.graph.node.flatMap((each) => {
    const context = contexts.get(each);
    if (context) return [...(context === first ? segments(context) : []), contextOf(context)];
    const masking = maskings.get(each);
    return masking ? repeatedMask(masking) : [each];
  });
  const widths = [...new Set(masks.map(({ channels }) => channels))];
  const initializer = [...model.graph.initializer, ...CONSTANTS, ...widths.map(unchanged)];
  const graph = framesAsImages(pruned({ ...model.graph, node, initializer }));
  return graph && { ...model, graph };
}

const CONSTANTS: readonly OnnxTensor[] = [
  int64Tensor(own('0'), [0], []),
  int64Tensor(own('1'), [1], []),
  int64Tensor(own('last'), [-1], []),
  int64Tensor(own('column'), [1], [1]),
  int64Tensor(own('segment_frames'), [SEGMENT_FRAMES], []),
  int64Tensor(own('segment_frames_less_1'), [SEGMENT_FRAMES - 1], []),
  tensor(own('one'), 'float', Float32Array.of(1), []),
];

/**
 * Two matrices from the number of frames, which is the same in all layers with masks: `of_segment` [S,T] holds 1 where a
 * frame is of a segment; `means` [T,S] gives the mean of all frames plus that of each segment. The last segment may be
 * shorter than the others.
 */
function segments({ features }: ContextMask): OnnxNode[] {
  const calculate = (operator: string, inputs: readonly string[], output: string) =>
    node(operator, inputs.map(own), [own(output)]);
  return [
    node('Shape', [features], [own('shape')]),
    node('Gather', [own('shape'), own('last')], [own('frames')], { axis: 0 }),
    calculate('Range', ['0', 'frames', '1'], 'frame'),
    calculate('Div', ['frame', 'segment_frames'], 'segment_of_frame'),
    calculate('Add', ['frames', 'segment_frames_less_1'], 'frames_rounded_up'),
    calculate('Div', ['frames_rounded_up', 'segment_frames'], 'segments'),
    calculate('Range', ['0', 'segments', '1'], 'segment_row'),
    calculate('Unsqueeze', ['segment_row', 'column'], 'segment'),
    calculate('Equal', ['segment', 'segment_of_frame'], 'is_of_segment'),
    node('Cast', [own('is_of_segment')], [own('of_segment')], { to: 1 }),
    node('ReduceMean', [own('of_segment')], [own('share')], { axes: [1], keepdims: 1 }),
    calculate('Div', ['of_segment', 'share'], 'weights_of_segment'),
    calculate('Add', ['weights_of_segment', 'one'], 'weights'),
    node('Cast', [own('frames')], [own('frame_count')], { to: 1 }),
    calculate('Div', ['weights', 'frame_count'], 'means_of_segment'),
    node('Transpose', [own('means_of_segment')], [own('means')], { perm: [1, 0] }),
  ];
}

/** [N,C,T] → [N,C,S] */
function contextOf({ features, context }: ContextMask): OnnxNode {
  return node('MatMul', [features, own('means')], context.output);
}

/**
 * The mask, [N,C,S], over the features' convolution, [N,C,T]. The runtime takes a product of two values out of its
 * layout for images, and all that is joined to it: a convolution that changes nothing leads back.
 */
function repeatedMask({ masking: { input, output }, channels }: ContextMask): OnnxNode[] {
  const [masked = '', mask = ''] = input;
  const [product = ''] = output;
  return [
    node('MatMul', [mask, own('of_segment')], [own(mask)]),
    node('Mul', [masked, own(mask)], [own(product)]),
    node('Conv', [own(product), unchanged(channels).name], output, {
      group: channels,
      kernel_shape: [1],
      strides: [1],
      dilations: [1],
      pads: [0, 0],
    }),
  ];
}

/** Weights of a convolution that gives each channel as it is. */
function unchanged(channels: number): OnnxTensor {
  const ones = new Float32Array(channels).fill(1);
  return tensor(own(`unchanged.${channels}`), 'float', ones, [channels, 1, 1]);
}
