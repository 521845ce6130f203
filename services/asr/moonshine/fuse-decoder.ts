import { int64Tensor, node, tensor, valueInfo } from '../../onnx/build.js';
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from '../../onnx/schema.js';

/** Tokens of the Llama vocabulary that the decoder starts and ends with. */
export const START_TOKEN = 1;
export const END_TOKEN = 2;

/** Prefix of every value name that this file adds to the graph. */
const own = (name: string) => `whosaid/${name}`;
const EMBEDDING = 'model.decoder.embed_tokens.weight_merged_0';

/**
 * Turns Moonshine's merged decoder (one `If` node: first step or cached step, called from outside once a token) into
 * one graph that decodes a whole batch greedily in a single call.
 *
 * - The cached step becomes the body of an ONNX `Loop`; it starts from an empty cache, so the first-step branch goes.
 *   Caches stay inside the runtime instead of being copied through JavaScript at every token.
 * - Encoder keys and values, and the transposed keys, are computed once before the loop (the original transposes the
 *   keys again at each step).
 * - The output projection multiplies in int8: the original dequantises the whole 32,768 x 416 table at each step.
 * - The loop ends when every row has produced the end token.
 * - The mean of all cross-attention heads comes out, one row a token: word times are aligned from it.
 *
 * Inputs: `encoder_hidden_states` f32 [B,T,H], `max_steps` i64 scalar (at least 1).
 * Outputs: `tokens` i64 [S,B,1], `logprobs` f32 [S,B,1] (natural log), `attention` f32 [S,B,T]; rows of a batch member
 * after its end token are meaningless.
 *
 * @throws Error if the graph has not the layout of the exported merged decoder.
 */
export function fuseDecoder(merged: OnnxModel): OnnxModel {
  const { first, cached } = branches(merged.graph);
  const initializers = new Map(merged.graph.initializer.map((each) => [each.name, each]));
  const shape = decoderShape(merged.graph);

  const step = stepNodes(cached, shape.layers);
  const constants: OnnxTensor[] = [];
  const body = loopBody(step.nodes, step.lastHidden, shape, initializers, constants);
  const before = [
    ...initialState(shape, constants),
    ...encoderCache(first, shape.layers),
    ...step.keyTransposes,
  ];
  const carried = cacheNames(shape.layers);
  const loop = node(
    'Loop',
    [
      'max_steps',
      own('true'),
      own('start'),
      own('none_finished'),
      ...carried.map(() => own('empty_cache')),
    ],
    [
      own('last'),
      own('finished_rows'),
      ...carried.map((_, index) => own(`cache.${index}`)),
      'tokens',
      'logprobs',
      'attention',
    ],
    { body: { graph: body } },
  );

  const nodes = [...before, loop];
  const used = new Set([...nodes, ...body.node].flatMap((each) => each.input));
  return {
    irVersion: merged.irVersion,
    producerName: 'whosaid',
    opsetImport: merged.opsetImport,
    graph: {
      name: 'moonshine-decoder',
      node: nodes,
      initializer: [...merged.graph.initializer, ...constants].filter(({ name }) => used.has(name)),
      input: [
        valueInfo('encoder_hidden_states', 'float', ['batch', 'frames', shape.hidden]),
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

type DecoderShape = { layers: number; heads: number; headSize: number; hidden: number };

function branches(graph: OnnxGraph): { first: OnnxGraph; cached: OnnxGraph } {
  const choice = graph.node.find(({ opType }) => opType === 'If');
  const branch = (name: string) => choice?.attribute.find((each) => each.name === name)?.g;
  const [first, cached] = [branch('else_branch'), branch('then_branch')];
  if (!first || !cached) throw new Error('the decoder has no If node with two branches');
  return { first, cached };
}

function decoderShape(graph: OnnxGraph): DecoderShape {
  const sizes = (name: string) =>
    graph.input
      .find((each) => each.name === name)
      ?.type.tensorType.shape?.dim.map(({ dimValue }) => Number(dimValue ?? 0)) ?? [];
  const [, heads = 0, , headSize = 0] = sizes('past_key_values.0.decoder.key');
  const [, , hidden = 0] = sizes('encoder_hidden_states');
  const layers = graph.input.filter(({ name }) => name.endsWith('.decoder.key')).length;
  if (!layers || !heads || !headSize || !hidden)
    throw new Error('the decoder has unexpected inputs');
  return { layers, heads, headSize, hidden };
}

const everyLayer = (layers: number) => Array.from({ length: layers }, (_, layer) => layer);
const cacheNames = (layers: number) =>
  everyLayer(layers).flatMap((layer) => [`${layer}.decoder.key`, `${layer}.decoder.value`]);

/** The nodes that compute the encoder's keys and values, taken from the first-step branch under names of our own. */
function encoderCache(first: OnnxGraph, layers: number): OnnxNode[] {
  const producers = new Map(first.node.flatMap((each) => each.output.map((name) => [name, each])));
  const needed = new Set<OnnxNode>();
  const visit = (name: string): void => {
    const producer = producers.get(name);
    if (!producer || needed.has(producer)) return;
    producer.input.forEach(visit);
    needed.add(producer); // after its inputs: the set's order is topological
  };
  for (const layer of everyLayer(layers)) {
    visit(`present.${layer}.encoder.key`);
    visit(`present.${layer}.encoder.value`);
  }
  const rename = (name: string) =>
    name === 'input_ids' ? own('start') : producers.has(name) ? own(name) : name;
  return [...needed].map((each) => ({
    ...each,
    name: own(each.name),
    input: each.input.map(rename),
    output: each.output.map(own),
  }));
}

/** The cached step without its output projection, its key transposes set apart. */
function stepNodes(cached: OnnxGraph, layers: number) {
  const encoderOutputs = new Set(
    everyLayer(layers).flatMap((layer) => [
      `present.${layer}.encoder.key`,
      `present.${layer}.encoder.value`,
    ]),
  );
  const fromEncoder = (name: string) =>
    /^past_key_values\.\d+\.encoder\./.test(name)
      ? own(name.replace('past_key_values', 'present'))
      : name;
  const nodes: OnnxNode[] = [];
  const keyTransposes: OnnxNode[] = [];
  let lastHidden: string | undefined;
  for (const each of cached.node) {
    const [output = ''] = each.output;
    if (encoderOutputs.has(output) || output.includes('embed_tokens.weight_transposed')) continue;
    if (output === 'logits') {
      lastHidden = each.input[0];
      continue;
    }
    const renamed = { ...each, input: each.input.map(fromEncoder) };
    const isKeyTranspose =
      each.opType === 'Transpose' && /\.encoder\.key$/.test(each.input[0] ?? '');
    (isKeyTranspose ? keyTransposes : nodes).push(renamed);
  }
  if (lastHidden === undefined || keyTransposes.length !== layers) {
    throw new Error("the decoder's cached branch has an unexpected layout");
  }
  return { nodes, keyTransposes, lastHidden };
}

function loopBody(
  step: readonly OnnxNode[],
  lastHidden: string,
  shape: DecoderShape,
  initializers: ReadonlyMap<string, OnnxTensor>,
  constants: OnnxTensor[],
): OnnxGraph {
  constants.push(
    transposedTable(initializers.get(`${EMBEDDING}_quantized`)),
    int64Tensor(own('end_token'), [END_TOKEN], []),
  );
  const attention = everyLayer(shape.layers).map(
    (layer) => `/model/decoder/layers.${layer}/encoder_attn/Softmax_output_0`,
  );
  const chosen = [
    node(
      'DynamicQuantizeLinear',
      [lastHidden],
      [own('hidden_q'), own('hidden_scale'), own('hidden_zero')],
    ),
    node(
      'MatMulInteger',
      [own('hidden_q'), own('head'), own('hidden_zero'), `${EMBEDDING}_zero_point`],
      [own('logits_int')],
    ),
    node('Cast', [own('logits_int')], [own('logits_unscaled')], { to: 1 }),
    node('Mul', [own('hidden_scale'), `${EMBEDDING}_scale`], [own('logits_scale')]),
    node('Mul', [own('logits_unscaled'), own('logits_scale')], [own('logits')]),
    node('ArgMax', [own('logits')], [own('token')], { axis: -1, keepdims: 0 }),
    node('ReduceMax', [own('logits')], [own('best_logit')], { axes: [-1], keepdims: 0 }),
    node('ReduceLogSumExp', [own('logits')], [own('log_sum')], { axes: [-1], keepdims: 0 }),
    node('Sub', [own('best_logit'), own('log_sum')], [own('logprob')]),
  ];
  const ending = [
    node('Equal', [own('token'), own('end_token')], [own('is_end')]),
    node('Or', [own('is_end'), own('finished_before')], [own('finished')]),
    node('Cast', [own('finished')], [own('finished_int')], { to: 6 }),
    node('ReduceMin', [own('finished_int')], [own('all_finished_int')], { keepdims: 0 }),
    node('Cast', [own('all_finished_int')], [own('all_finished')], { to: 9 }),
    node('Not', [own('all_finished')], [own('go_on')]),
    node('Identity', [own('token')], [own('next_ids')]),
  ];
  const heads = [
    node('Concat', attention, [own('all_heads')], { axis: 1 }),
    node('ReduceMean', [own('all_heads')], [own('step_attention')], { axes: [1, 2], keepdims: 0 }),
  ];
  const cache = cacheNames(shape.layers);
  const { heads: headCount, headSize } = shape;
  return {
    name: 'step',
    node: [...step, ...chosen, ...ending, ...heads],
    initializer: [],
    input: [
      valueInfo(own('iteration'), 'int64', []),
      valueInfo(own('condition'), 'bool', []),
      valueInfo('input_ids', 'int64', ['batch', 1]),
      valueInfo(own('finished_before'), 'bool', ['batch', 1]),
      ...cache.map((name) =>
        valueInfo(`past_key_values.${name}`, 'float', ['batch', headCount, 'past', headSize]),
      ),
    ],
    output: [
      valueInfo(own('go_on'), 'bool', []),
      valueInfo(own('next_ids'), 'int64', ['batch', 1]),
      valueInfo(own('finished'), 'bool', ['batch', 1]),
      ...cache.map((name) =>
        valueInfo(`present.${name}`, 'float', ['batch', headCount, 'present', headSize]),
      ),
      valueInfo(own('token'), 'int64', ['batch', 1]),
      valueInfo(own('logprob'), 'float', ['batch', 1]),
      valueInfo(own('step_attention'), 'float', ['batch', 'frames']),
    ],
  };
}

/** The token embeddings as an output projection: uint8 [tokens, hidden] → [hidden, tokens]. */
function transposedTable(table: OnnxTensor | undefined): OnnxTensor {
  const [rows = 0, columns = 0] = table?.dims.map(Number) ?? [];
  const source = table?.rawData;
  if (source?.length !== rows * columns) {
    throw new Error('the decoder has no uint8 token embeddings');
  }
  const turned = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = source[row * columns + column] as number;
    }
  }
  return tensor(own('head'), 'uint8', turned, [columns, rows]);
}

/** Start tokens, "not finished" flags and empty caches, each as wide as the batch. */
function initialState({ heads, headSize }: DecoderShape, constants: OnnxTensor[]): OnnxNode[] {
  constants.push(
    tensor(own('true'), 'bool', Uint8Array.of(1), []),
    int64Tensor(own('first_axis'), [0], [1]),
    int64Tensor(own('one'), [1], [1]),
    int64Tensor(own('cache_tail'), [heads, 0, headSize], [3]),
  );
  const filled = (shape: string, output: string, value: OnnxTensor) =>
    node('ConstantOfShape', [shape], [output], { value: { tensor: value } });
  return [
    node('Shape', ['encoder_hidden_states'], [own('hidden_shape')]),
    node('Gather', [own('hidden_shape'), own('first_axis')], [own('batch')], { axis: 0 }),
    node('Concat', [own('batch'), own('one')], [own('row_shape')], { axis: 0 }),
    node('Concat', [own('batch'), own('cache_tail')], [own('cache_shape')], { axis: 0 }),
    filled(own('row_shape'), own('start'), int64Tensor('value', [START_TOKEN], [1])),
    filled(own('row_shape'), own('none_finished'), tensor('value', 'bool', Uint8Array.of(0), [1])),
    filled(
      own('cache_shape'),
      own('empty_cache'),
      tensor('value', 'float', new Float32Array(1), [1]),
    ),
  ];
}
