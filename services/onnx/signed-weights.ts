import { elementType, tensor } from './build.js';
import type { OnnxGraph, OnnxModel, OnnxTensor } from './schema.js';
import { bytesOf, dimsOf, lessHalf } from './tensor-values.js';

/** Places of a `MatMulInteger` node's weights and of their zero point among its inputs. */
const WEIGHTS = 1;
const ZERO_POINT = 3;

/**
 * The same model with signed instead of unsigned weights in its int8 multiplications: both weights and zero points are
 * 128 less, so their difference and every result stay the same to the bit. Runtimes multiply unsigned activations by signed
 * weights in one instruction (x86 VNNI) where two unsigned factors take several.
 *
 * A model in which something else reads such a weight as well stays as it is.
 */
export function withSignedWeights(model: OnnxModel): OnnxModel {
  const factors = new Set<string>();
  const others = new Set<string>();
  for (const { opType, input } of [...graphsOf(model.graph)].flatMap((graph) => graph.node)) {
    input.forEach((name, place) => {
      const isFactor = opType === 'MatMulInteger' && (place === WEIGHTS || place === ZERO_POINT);
      (isFactor ? factors : others).add(name);
    });
  }
  const isFactor = ({ name, dataType }: OnnxTensor) =>
    dataType === elementType.uint8 && factors.has(name);
  const { initializer } = model.graph;
  if (initializer.some((each) => isFactor(each) && others.has(each.name))) return model;
  return {
    ...model,
    graph: {
      ...model.graph,
      initializer: initializer.map((each) => (isFactor(each) ? signed(each) : each)),
    },
  };
}

function signed(weights: OnnxTensor): OnnxTensor {
  return tensor(weights.name, 'int8', lessHalf(bytesOf(weights)), dimsOf(weights));
}

function* graphsOf(graph: OnnxGraph): Generator<OnnxGraph> {
  yield graph;
  for (const { g } of graph.node.flatMap(({ attribute }) => attribute)) if (g) yield* graphsOf(g);
}
