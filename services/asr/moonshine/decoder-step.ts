import { int64Tensor, tensor, valueInfo } from '../../onnx/build.js';
import type { OnnxGraph, OnnxTensor } from '../../onnx/schema.js';
import { besideEachOther, type DecoderWeights, headOf, scaledBy } from './decoder-weights.js';
import { GraphParts } from './graph-parts.js';

/** Tokens of the Llama vocabulary that the decoder starts and ends with. */
export const START_TOKEN = 1;
export const END_TOKEN = 2;
/** More tokens than a segment has: positions are looked up in a table of this length. */
export const MAX_STEPS = 1024;

/** Values from outside the loop that every step reads. */
export const shared = {
  /** f32 [B,1,1,T]: 0 where a row has sound, a large negative number where it is filled up. */
  mask: 'mask',
  keys: (layer: number) => `layer.${layer}.encoder_keys`,
  values: (layer: number) => `layer.${layer}.encoder_values`,
} as const;

/** Names of what a step hands to the next, first of one layer, then of the next. */
export const cacheNames = (layers: number): string[] =>
  Array.from({ length: layers }, (_, layer) => [`${layer}.keys`, `${layer}.values`]).flat();

/**
 * One token for every row of a batch, as the body of an ONNX `Loop`. It computes what the cached branch of the exported
 * decoder does, with fewer and larger nodes: a query, its key and its value are one multiplication; the square root of the
 * head size is in the weights; positions turn queries and keys by a table; shapes are constants.
 *
 * `constants` gets the weights: they belong to the graph around it.
 */
export function decoderStep(weights: DecoderWeights, constants: OnnxTensor[]): OnnxGraph {
  const { layers, heads, headSize } = weights;
  const parts = new GraphParts(constants);
  addShapes(parts, weights);
  addRotaryTables(parts, weights);
  parts.add('position', 'Reshape', ['iteration', 'one']);
  const { table, scale, zero } = weights.embeddings;
  const embeddings = [table, scale, zero].map((each) => parts.constant(each));
  parts.add('bytes_of_token', 'Gather', [embeddings[0] as string, 'input_ids']);
  let hidden = parts.add('hidden', 'DequantizeLinear', ['bytes_of_token', ...embeddings.slice(1)]);
  for (let layer = 0; layer < layers; layer++) hidden = addLayer(parts, weights, layer, hidden);
  parts.project('logits', parts.norm('last', hidden, weights.norm('norm')), headOf(weights));
  addChoice(parts);
  const heard = Array.from({ length: layers }, (_, layer) => `layer.${layer}.heard`);
  parts.add('all_heads', 'Concat', heard, { axis: 1 });
  parts.add('step_attention', 'ReduceMean', ['all_heads'], { axes: [1, 2], keepdims: 0 });

  const cache = cacheNames(layers);
  const cached = (prefix: string, length: string) =>
    cache.map((name) =>
      valueInfo(`${prefix}.${name}`, 'float', ['batch', heads, length, headSize]),
    );
  return {
    name: 'step',
    node: parts.nodes,
    initializer: [],
    input: [
      valueInfo('iteration', 'int64', []),
      valueInfo('condition', 'bool', []),
      valueInfo('input_ids', 'int64', ['batch', 1]),
      valueInfo('finished_before', 'bool', ['batch', 1]),
      ...cached('past', 'past'),
    ],
    output: [
      valueInfo('go_on', 'bool', []),
      valueInfo('next_ids', 'int64', ['batch', 1]),
      valueInfo('finished', 'bool', ['batch', 1]),
      ...cached('present', 'present'),
      valueInfo('token', 'int64', ['batch', 1]),
      valueInfo('logprob', 'float', ['batch', 1]),
      valueInfo('step_attention', 'float', ['batch', 'frames']),
    ],
  };
}

function addShapes(parts: GraphParts, { heads, headSize, hidden }: DecoderWeights): void {
  parts.constant(int64Tensor('one', [1], [1]));
  // 0: as it was, the batch. With one token a step, heads need no transposition.
  parts.constant(int64Tensor('shape_of_heads', [0, heads, 1, headSize], [4]));
  parts.constant(int64Tensor('shape_of_two', [0, 2 * heads, 1, headSize], [4]));
  parts.constant(int64Tensor('shape_of_hidden', [0, 1, hidden], [3]));
  parts.constant(int64Tensor('two_and_one', [2 * hidden, hidden], [2]));
}

/** Rotary position embedding (https://arxiv.org/abs/2104.09864): cosines and sines [positions, pairs of numbers]. */
function addRotaryTables(parts: GraphParts, { rotaryAngles }: DecoderWeights): void {
  const pairs = rotaryAngles.length;
  const table = (name: string, of: (angle: number) => number) => {
    const values = Float32Array.from({ length: MAX_STEPS * pairs }, (_, index) =>
      of(Math.floor(index / pairs) * (rotaryAngles[index % pairs] as number)),
    );
    parts.constant(tensor(name, 'float', values, [MAX_STEPS, pairs]));
  };
  table('cosines', Math.cos);
  table('sines', Math.sin);
}

/** Self-attention, attention to the sound, and the feed-forward part; each adds to the hidden state. */
function addLayer(
  parts: GraphParts,
  weights: DecoderWeights,
  layer: number,
  before: string,
): string {
  const own = (name: string) => `layer.${layer}.${name}`;
  const projection = (name: Parameters<DecoderWeights['projection']>[1]) =>
    weights.projection(layer, name);
  const norm = (name: string, input: string) =>
    parts.norm(own(name), input, weights.norm(`layers.${layer}/${name}`));
  const perHead = 1 / Math.sqrt(weights.headSize);

  const attended = addSelfAttention(parts, weights, layer, norm('input_layernorm', before));
  parts.project(own('self'), attended, projection('self_attn/dense'));
  const afterSelf = parts.add(own('after_self'), 'Add', [before, own('self')]);

  const query = scaledBy(projection('encoder_attn/q_proj'), perHead);
  parts.project(own('asked'), norm('post_attention_layernorm', afterSelf), query);
  parts.add(own('question'), 'Reshape', [own('asked'), 'shape_of_heads']);
  parts.add(own('likeness'), 'MatMul', [own('question'), shared.keys(layer)]);
  parts.add(own('masked'), 'Add', [own('likeness'), shared.mask]);
  parts.add(own('heard'), 'Softmax', [own('masked')], { axis: -1 });
  parts.add(own('sound_of_heads'), 'MatMul', [own('heard'), shared.values(layer)]);
  parts.add(own('sound'), 'Reshape', [own('sound_of_heads'), 'shape_of_hidden']);
  parts.project(own('from_sound'), own('sound'), projection('encoder_attn/dense'));
  const afterSound = parts.add(own('after_sound'), 'Add', [afterSelf, own('from_sound')]);

  const up = weights.bias(layer, 'mlp/up_proj');
  parts.project(own('up'), norm('final_layernorm', afterSound), projection('mlp/up_proj'), up);
  parts.split([own('content'), own('gate')], own('up'), -1);
  parts.addOfRuntime(own('opened'), 'QuickGelu', [own('gate')], { alpha: { float: 1 } });
  parts.add(own('gated'), 'Mul', [own('opened'), own('content')]);
  const down = weights.bias(layer, 'mlp/down_proj');
  parts.project(own('down'), own('gated'), projection('mlp/down_proj'), down);
  return parts.add(own('after'), 'Add', [afterSound, own('down')]);
}

function addSelfAttention(
  parts: GraphParts,
  weights: DecoderWeights,
  layer: number,
  input: string,
): string {
  const own = (name: string) => `layer.${layer}.${name}`;
  const { rotaryAngles, headSize } = weights;
  const projection = (name: 'q_proj' | 'k_proj' | 'v_proj') =>
    weights.projection(layer, `self_attn/${name}`);
  // Turning is linear, so that the head size may be divided out before.
  const query = scaledBy(projection('q_proj'), 1 / Math.sqrt(headSize));
  const all = besideEachOther([query, projection('k_proj'), projection('v_proj')]);
  parts.project(own('all'), input, all);
  parts.split([own('to_turn'), own('new_value')], own('all'), -1, 'two_and_one');
  parts.add(own('unturned'), 'Reshape', [own('to_turn'), 'shape_of_two']);
  parts.addOfRuntime(
    own('turned'),
    'RotaryEmbedding',
    [own('unturned'), 'position', 'cosines', 'sines'],
    {
      interleaved: 1,
      rotary_embedding_dim: 2 * rotaryAngles.length,
      num_heads: 2 * weights.heads,
    },
  );
  parts.split([own('query'), own('new_key')], own('turned'), 1);
  parts.add(own('value'), 'Reshape', [own('new_value'), 'shape_of_heads']);
  parts.add(`present.${layer}.keys`, 'Concat', [`past.${layer}.keys`, own('new_key')], { axis: 2 });
  parts.add(`present.${layer}.values`, 'Concat', [`past.${layer}.values`, own('value')], {
    axis: 2,
  });
  const turnedKeys = { transB: 1 };
  parts.addOfRuntime(
    own('self_likeness'),
    'FusedMatMul',
    [own('query'), `present.${layer}.keys`],
    turnedKeys,
  );
  parts.add(own('self_weights'), 'Softmax', [own('self_likeness')], { axis: -1 });
  parts.add(own('self_of_heads'), 'MatMul', [own('self_weights'), `present.${layer}.values`]);
  return parts.add(own('attended'), 'Reshape', [own('self_of_heads'), 'shape_of_hidden']);
}

/** The likeliest token of each row, its probability, and whether every row has ended. */
function addChoice(parts: GraphParts): void {
  parts.constant(int64Tensor('end_token', [END_TOKEN], []));
  parts.add('token', 'ArgMax', ['logits'], { axis: -1, keepdims: 0 });
  // The runtime's Softmax is vectorised, its ReduceLogSumExp is not: nine times as fast for 32,768 tokens.
  parts.add('probabilities', 'Softmax', ['logits'], { axis: -1 });
  parts.add('best', 'ReduceMax', ['probabilities'], { axes: [-1], keepdims: 0 });
  parts.add('logprob', 'Log', ['best']);
  parts.add('is_end', 'Equal', ['token', 'end_token']);
  parts.add('finished', 'Or', ['is_end', 'finished_before']);
  parts.add('finished_int', 'Cast', ['finished'], { to: 6 });
  parts.add('all_finished_int', 'ReduceMin', ['finished_int'], { keepdims: 0 });
  parts.add('all_finished', 'Cast', ['all_finished_int'], { to: 9 });
  parts.add('go_on', 'Not', ['all_finished']);
  parts.add('next_ids', 'Identity', ['token']);
}
