import type { OnnxModel, OnnxTensor } from './schema.js';

/** TensorProto.DataLocation. */
const EXTERNAL = 1;
/** Less data is not worth a reference. */
const LEAST_BYTES = 1024;

/**
 * The model with references to where its weights lie in the file that it was decoded from. Encoded it is small, however
 * large the weights are, and nothing holds a second copy of them.
 *
 * @param file its bytes, of which decoded data are views, and its name in the folder that the runtime is told.
 */
export function withWeightsInFile(
  model: OnnxModel,
  file: { readonly bytes: Uint8Array; readonly name: string },
): OnnxModel {
  const initializer = model.graph.initializer.map((each) => inFile(each, file));
  return { ...model, graph: { ...model.graph, initializer } };
}

function inFile(
  weights: OnnxTensor,
  { bytes, name }: { readonly bytes: Uint8Array; readonly name: string },
): OnnxTensor {
  const { rawData, ...rest } = weights;
  if (!rawData || rawData.buffer !== bytes.buffer || rawData.length < LEAST_BYTES) return weights;
  const entries = {
    location: name,
    offset: rawData.byteOffset - bytes.byteOffset,
    length: rawData.length,
  };
  return {
    ...rest,
    dataLocation: EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => ({ key, value: String(value) })),
  };
}
