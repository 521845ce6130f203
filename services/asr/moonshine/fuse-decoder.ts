import { int64Tensor, node, RUNTIME_DOMAIN, tensor, valueInfo } from '../../onnx/build.js';
import type { OnnxModel, OnnxTensor } from '../../onnx/schema.js';
import { cacheNames, decoderStep, START_TOKEN, shared } from './decoder-step.js';
import { besideEachOther, type DecoderWeights, decoderWeights } from './decoder-weights.js';
import { GraphParts } from './graph-parts.js';

/** Added to the attention that padding gets. */
const HIDDEN = -1e9;

/**
 * Turns Moonshine's merged decoder (one `If` node: first step or cached step, called from outside once a token) into
 * one graph that decodes a whole batch greedily in a single call.
 *
 * - A step is the body of an ONNX `Loop` that starts from an empty cache. Caches stay inside the runtime instead of being
 *   copied through JavaScript at every token.
 * - Encoder keys and values are computed once before the loop.
 * - Rows may have different lengths: nobody attends to what a row is filled up with, so that neither how long the longest
 *   row is nor what lies behind its end changes what a row says.
 * - The output projection multiplies in int8: the original dequantises the whole table of tokens at each step.
 * - The loop ends when every row has produced the end token.
 * - The mean of all cross-attention heads comes out, one row a token: word times are aligned from it.
 *
 * Inputs: `encoder_hidden_states` f32 [B,T,H], `frame_counts` i64 [B] (at least 1 and at most T), `max_steps` i64 scalar (1
 * to `MAX_STEPS`).
 * Outputs: `tokens` i64 [S,B,1], `logprobs` f32 [S,B,1] (natural log), `attention` f32 [S,B,T]; rows of a batch member
 * after its end token are meaningless.
 *
 * @throws Error if the graph has not the layout of the exported merged decoder.
 */
export function fuseDecoder(merged: OnnxModel): OnnxModel {
  const weights = decoderWeights(merged);
  const { layers, hidden } = weights;
  const constants: OnnxTensor[] = [];
  const parts = new GraphParts(constants);
  addInitialState(parts, weights);
  addMask(parts);
  for (let layer = 0; layer < layers; layer++) addEncoderCache(parts, weights, layer);
  const body = decoderStep(weights, constants);
  const cache = cacheNames(layers);
  const loop = node(
    'Loop',
    ['max_steps', 'true', 'start', 'none_finished', ...cache.map(() => 'empty_cache')],
    [
      'last_ids',
      'finished_rows',
      ...cache.map((name) => `final.${name}`),
      'tokens',
      'logprobs',
      'attention',
    ],
    { body: { graph: body } },
  );
  return {
    irVersion: 8,
    producerName: 'whosaid',
    opsetImport: [
      { domain: '', version: 17 },
      { domain: RUNTIME_DOMAIN, version: 1 },
    ],
    graph: {
      name: 'moonshine-decoder',
      node: [...parts.nodes, loop],
      initializer: constants,
      input: [
        valueInfo('encoder_hidden_states', 'float', ['batch', 'frames', hidden]),
        valueInfo('frame_counts', 'int64', ['batch']),
        valueInfo('max_steps', 'int64', []),
      ],
      output: [
        valueInfo('tokens', 'int64', ['steps', 'batch', 1]),
        valueInfo('logprobs', 'float', ['steps', 'batch', 1]),
        valueInfo('attention', 'float', ['steps', 'batch', 'frames']),
      ],
    },
  };
}

/** Start tokens, "not finished" flags and empty caches, each as wide as the batch. */
function addInitialState(parts: GraphParts, { heads, headSize }: DecoderWeights): void {
  parts.constant(tensor('true', 'bool', Uint8Array.of(1), []));
  parts.constant(int64Tensor('width', [1], [1]));
  parts.constant(int64Tensor('cache_tail', [heads, 0, headSize], [3]));
  parts.add('batch', 'Shape', ['frame_counts']);
  parts.add('row_shape', 'Concat', ['batch', 'width'], { axis: 0 });
  parts.add('cache_shape', 'Concat', ['batch', 'cache_tail'], { axis: 0 });
  const filled = (output: string, shape: string, value: OnnxTensor) =>
    parts.add(output, 'ConstantOfShape', [shape], { value: { tensor: value } });
  filled('start', 'row_shape', int64Tensor('value', [START_TOKEN], [1]));
  filled('none_finished', 'row_shape', tensor('value', 'bool', Uint8Array.of(0), [1]));
  filled('empty_cache', 'cache_shape', tensor('value', 'float', new Float32Array(1), [1]));
}

function addMask(parts: GraphParts): void {
  parts.constant(int64Tensor('zero', [0], []));
  parts.constant(int64Tensor('step_of_one', [1], []));
  parts.constant(int64Tensor('frame_axis', [1], []));
  parts.constant(int64Tensor('mask_shape', [-1, 1, 1, 1], [4]));
  parts.constant(tensor('seen', 'float', Float32Array.of(0), []));
  parts.constant(tensor('hidden_away', 'float', Float32Array.of(HIDDEN), []));
  parts.add('hidden_shape', 'Shape', ['encoder_hidden_states']);
  parts.add('frames', 'Gather', ['hidden_shape', 'frame_axis'], { axis: 0 });
  parts.add('frame_numbers', 'Range', ['zero', 'frames', 'step_of_one']);
  parts.add('counts', 'Reshape', ['frame_counts', 'mask_shape']);
  parts.add('is_sound', 'Less', ['frame_numbers', 'counts']);
  parts.add(shared.mask, 'Where', ['is_sound', 'seen', 'hidden_away']);
}

/** Keys [B, heads, head size, T] and values [B, heads, T, head size] of one layer. */
function addEncoderCache(parts: GraphParts, weights: DecoderWeights, layer: number): void {
  const own = (name: string) => `layer.${layer}.${name}`;
  const { heads, headSize } = weights;
  const both = besideEachOther([
    weights.projection(layer, 'encoder_attn/k_proj'),
    weights.projection(layer, 'encoder_attn/v_proj'),
  ]);
  parts.project(own('encoded'), 'encoder_hidden_states', both);
  parts.split([own('encoded_keys'), own('encoded_values')], own('encoded'), -1);
  const shape = int64Tensor(own('shape_of_frames'), [0, 0, heads, headSize], [4]);
  parts.constant(shape);
  parts.add(own('keys_of_heads'), 'Reshape', [own('encoded_keys'), shape.name]);
  parts.add(own('values_of_heads'), 'Reshape', [own('encoded_values'), shape.name]);
  parts.add(shared.keys(layer), 'Transpose', [own('keys_of_heads')], { perm: [0, 2, 3, 1] });
  parts.add(shared.values(layer), 'Transpose', [own('values_of_heads')], { perm: [0, 2, 1, 3] });
}
