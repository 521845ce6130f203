import { tensor } from '../../onnx/build.js';
import type { OnnxGraph, OnnxModel, OnnxTensor } from '../../onnx/schema.js';
import { bytesOf, dimsOf, floatsOf, lessHalf } from '../../onnx/tensor-values.js';

/** A weight matrix [rows, columns] of signed bytes; each column has its own scale and zero point. */
export type Projection = {
  readonly weights: Int8Array;
  readonly rows: number;
  readonly columns: number;
  readonly scales: Float32Array;
  readonly zeroPoints: Int8Array;
};

/** Names of a layer's projections in the exported graph, below `/model/decoder/layers.N/`. */
export type ProjectionName =
  | `${'self_attn' | 'encoder_attn'}/${'q_proj' | 'k_proj' | 'v_proj' | 'dense'}`
  | `mlp/${'up_proj' | 'down_proj'}`;

export type DecoderWeights = {
  readonly layers: number;
  readonly heads: number;
  readonly headSize: number;
  readonly hidden: number;
  projection(layer: number, name: ProjectionName): Projection;
  /** The bias of a projection of the feed-forward part. */
  bias(layer: number, name: 'mlp/up_proj' | 'mlp/down_proj'): OnnxTensor;
  /** The weight of a normalisation: `layers.0/input_layernorm`, …, `norm`. */
  norm(name: string): OnnxTensor;
  /** Angles a position turns each pair of numbers of a head by. */
  readonly rotaryAngles: Float32Array;
  /** The token embeddings [tokens, hidden] as they are, unsigned, with one scale and zero point. */
  readonly embeddings: {
    readonly table: OnnxTensor;
    readonly scale: OnnxTensor;
    readonly zero: OnnxTensor;
  };
};

const EMBEDDINGS = 'model.decoder.embed_tokens.weight_merged_0';
const ROTARY_ANGLES = '/model/decoder/rotary_emb/Cast_1_output_0';

/**
 * Finds the weights of an exported merged decoder (one `If` node: first step or cached step).
 *
 * @throws Error if the graph has not the layout of that export.
 */
export function decoderWeights({ graph }: OnnxModel): DecoderWeights {
  const { first, cached } = branches(graph);
  const initializers = new Map(graph.initializer.map((each) => [each.name, each]));
  const initializer = (name: string | undefined): OnnxTensor => {
    const found = initializers.get(name ?? '');
    if (!found) throw new Error(`the decoder has no weights ${name ?? ''}`);
    return found;
  };
  const inputsOf = inputsByOutput([first, cached]);
  /** The one input of the node with this output that is a constant. */
  const constantOf = (output: string): OnnxTensor =>
    initializer(inputsOf(`/model/decoder/${output}`).find((name) => initializers.has(name)));

  return {
    ...shapeOf(graph),
    projection(layer, name) {
      const path = `/model/decoder/layers.${layer}/${name}/MatMul`;
      const [, weights, , zeroPoint] = inputsOf(`${path}_output_0_output_quantized`);
      const [, scale] = inputsOf(`${path}_quant_scales_mul:0`);
      return projectionOf(initializer(weights), initializer(scale), initializer(zeroPoint));
    },
    bias: (layer, name) => constantOf(`layers.${layer}/${name}/Add_output_0`),
    norm: (name) => constantOf(`${name}/Mul_output_0`),
    rotaryAngles: floatsOf(initializer(ROTARY_ANGLES)),
    embeddings: {
      table: initializer(`${EMBEDDINGS}_quantized`),
      scale: initializer(`${EMBEDDINGS}_scale`),
      zero: initializer(`${EMBEDDINGS}_zero_point`),
    },
  };
}

/** Several projections of the same input as one, side by side. */
export function besideEachOther(projections: readonly Projection[]): Projection {
  const [{ rows }] = projections as [Projection, ...Projection[]];
  const columns = projections.reduce((sum, each) => sum + each.columns, 0);
  const weights = new Int8Array(rows * columns);
  const scales = new Float32Array(columns);
  const zeroPoints = new Int8Array(columns);
  let at = 0;
  for (const each of projections) {
    for (let row = 0; row < rows; row++) {
      const from = row * each.columns;
      weights.set(each.weights.subarray(from, from + each.columns), row * columns + at);
    }
    scales.set(each.scales, at);
    zeroPoints.set(each.zeroPoints, at);
    at += each.columns;
  }
  return { weights, rows, columns, scales, zeroPoints };
}

/** The same with every result multiplied by a number, which costs nothing where results are scaled anyway. */
export function scaledBy(projection: Projection, factor: number): Projection {
  return { ...projection, scales: projection.scales.map((scale) => scale * factor) };
}

/** The token embeddings turned to a projection from hidden states to logits. */
export function headOf({ embeddings: { table, scale, zero } }: DecoderWeights): Projection {
  const [tokens = 0, hidden = 0] = dimsOf(table);
  const source = bytesOf(table);
  const turned = new Uint8Array(source.length);
  for (let token = 0; token < tokens; token++)
    for (let at = 0; at < hidden; at++)
      turned[at * tokens + token] = source[token * hidden + at] as number;
  return projectionOf(tensor('turned', 'uint8', turned, [hidden, tokens]), scale, zero);
}

function projectionOf(weights: OnnxTensor, scale: OnnxTensor, zeroPoint: OnnxTensor): Projection {
  const [rows = 0, columns = 0] = dimsOf(weights);
  const bytes = bytesOf(weights);
  const [[oneScale], [oneZero]] = [floatsOf(scale), bytesOf(zeroPoint)];
  if (bytes.length === 0 || bytes.length !== rows * columns || !oneScale || oneZero === undefined)
    throw new Error(`the weights ${weights.name} are not a matrix of bytes with one scale`);
  // 128 less for both: the differences stay, and signed weights multiply faster (services/onnx/signed-weights.ts).
  return {
    weights: lessHalf(bytes),
    rows,
    columns,
    scales: new Float32Array(columns).fill(oneScale),
    zeroPoints: new Int8Array(columns).fill(oneZero - 128),
  };
}

function branches(graph: OnnxGraph): { first: OnnxGraph; cached: OnnxGraph } {
  const choice = graph.node.find(({ opType }) => opType === 'If');
  const branch = (name: string) => choice?.attribute.find((each) => each.name === name)?.g;
  const [first, cached] = [branch('else_branch'), branch('then_branch')];
  if (!first || !cached) throw new Error('the decoder has no If node with two branches');
  return { first, cached };
}

/** Inputs of the node that has this output, in the last of the graphs that has one. */
function inputsByOutput(graphs: readonly OnnxGraph[]): (output: string) => readonly string[] {
  const inputs = new Map(
    graphs.flatMap(({ node }) =>
      node.flatMap(({ output, input }) => output.map((name) => [name, input] as const)),
    ),
  );
  return (output) => {
    const found = inputs.get(output);
    if (!found) throw new Error(`the decoder has no value ${output}`);
    return found;
  };
}

function shapeOf(graph: OnnxGraph) {
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
