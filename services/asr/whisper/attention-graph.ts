import { InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { int64Tensor, node, valueInfo } from '../../onnx/build.js';
import { encodeGraphAddition } from '../../onnx/schema.js';
import type { AlignmentHead } from './alignment-heads.js';

const OUTPUT = 'cross_attention_weights';

/**
 * What makes the attention a decoder's fourth output, as bytes to be written behind the file: a model's parts may follow
 * each other and count as one.
 *
 * @param softmaxes Outputs of the decoder's softmaxes, two for each layer: of the self-attention, then of the
 * cross-attention, whose weights are wanted.
 */
export function attentionAddition(
  softmaxes: readonly string[],
  heads: readonly AlignmentHead[],
): Uint8Array {
  const layers = [...new Set(heads.map(([layer]) => layer))];
  const nameOf = (layer: number) => `alignment_heads_${layer}`;
  return encodeGraphAddition({
    initializer: layers.map((layer) => {
      const places = heads.filter(([each]) => each === layer).map(([, place]) => place);
      return int64Tensor(`${nameOf(layer)}_places`, places, [places.length]);
    }),
    node: [
      ...layers.map((layer) =>
        node(
          'Gather',
          [softmaxes[2 * layer + 1] as string, `${nameOf(layer)}_places`],
          [nameOf(layer)],
          { axis: 1 },
        ),
      ),
      node('Concat', layers.map(nameOf), [OUTPUT], { axis: 1 }),
    ],
    output: [valueInfo(OUTPUT, 'float')],
  });
}

/**
 * Runs a decoder with the addition once.
 *
 * @throws Error when it does not run, or its fourth output is not [1, heads, tokens, frames].
 */
export async function tryDecoder(
  path: string,
  { heads, metadata }: { heads: number; metadata: ReadonlyMap<string, string> },
): Promise<void> {
  const session = await InferenceSession.create(path, { logSeverityLevel: 4 });
  try {
    const [layers, context, state] = ['n_text_layer', 'n_text_ctx', 'n_text_state'].map((key) =>
      Number(metadata.get(key)),
    ) as [number, number, number];
    const zeros = (length: number) =>
      new Tensor('float32', new Float32Array(layers * length * state), [layers, 1, length, state]);
    const frames = 10;
    const sot = BigInt(metadata.get('sot') ?? 0);
    const [tokens, selfK, selfV, crossK, crossV, offset] = session.inputNames as string[];
    const outputs = await session.run({
      [tokens as string]: new Tensor('int64', [sot], [1, 1]),
      [selfK as string]: zeros(context),
      [selfV as string]: zeros(context),
      [crossK as string]: zeros(frames),
      [crossV as string]: zeros(frames),
      [offset as string]: new Tensor('int64', [0n], [1]),
    });
    const dims = outputs[OUTPUT]?.dims.join();
    if (dims !== [1, heads, 1, frames].join()) throw new Error(`the attention is of shape ${dims}`);
  } finally {
    await session.release();
  }
}
