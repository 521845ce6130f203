import { randomUUID } from 'node:crypto';
import { appendFile, chmod, constants, copyFile, rename, rm, stat } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { int64Tensor, node, valueInfo } from '../../onnx/build.js';
import { readOnnxOutline } from '../../onnx/outline.js';
import { encodeGraphAddition } from '../../onnx/schema.js';
import { type AlignmentHead, alignmentHeads } from './alignment-heads.js';

const OUTPUT = 'cross_attention_weights';

export type AddAttentionOptions = {
  /** Path of a decoder without that output. */
  readonly decoder: string;
  /** What the exporter wrote into the encoder. */
  readonly metadata: ReadonlyMap<string, string>;
};

/**
 * Upstream's decoders do not say where they look; without that, words have no times. This makes a copy of the decoder
 * that does, beside it: the weights of the cross-attention are there, as the second softmax of each layer, and those of
 * the alignment heads become a fourth output, as sherpa-onnx wants it. The copy is tried before it gets its name: sherpa
 * ends the process over tensors it does not expect.
 *
 * @returns Path of the copy; undefined where the model is not one that is known, the copy does not work or cannot be
 * written: words then have no times of their own.
 */
export async function addAttention(options: AddAttentionOptions): Promise<string | undefined> {
  const { decoder, metadata } = options;
  const path = decoder.replace(/\.onnx$/, '.attention.onnx');
  const heads = alignmentHeads[metadata.get('model_type') ?? ''];
  if (!heads) return undefined;
  const { nodeOutputs: softmaxes } = await readOnnxOutline(decoder, { operator: 'Softmax' });
  if (softmaxes.length !== 2 * Number(metadata.get('n_text_layer'))) return undefined;
  const addition = attentionAddition(softmaxes, heads);
  if (await isMadeFrom(path, decoder, addition.length)) return path;
  const part = `${path}.${randomUUID()}.part`;
  try {
    await copyFile(decoder, part, constants.COPYFILE_FICLONE);
    await chmod(part, 0o644);
    await appendFile(part, addition);
    await tryDecoder(part, { heads: heads.length, metadata });
    await rename(part, path);
    return path;
  } catch {
    return undefined;
  } finally {
    await rm(part, { force: true }).catch(() => {});
  }
}

/** A model's parts may follow each other in a file and count as one: what is added is simply written behind it. */
function attentionAddition(
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
        // Self-attention comes first in each layer.
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

/** Nothing is added twice: a copy of the right length was made from the file, unless that is newer. */
async function isMadeFrom(path: string, decoder: string, addedBytes: number): Promise<boolean> {
  const [copy, original] = await Promise.all([stat(path).catch(() => undefined), stat(decoder)]);
  return copy?.size === original.size + addedBytes && copy.mtimeMs >= original.mtimeMs;
}

/** @throws Error when the decoder does not run, or its fourth output is not [1, heads, tokens, frames]. */
async function tryDecoder(
  path: string,
  { heads, metadata }: { heads: number; metadata: AddAttentionOptions['metadata'] },
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
