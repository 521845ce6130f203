import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createEmbedder, type Embedder } from '#services/diarization/embedding.js';
import { leanEmbeddingGraph } from '#services/diarization/embedding-graph.js';
import { createFbank, type Features, MEL_BANDS } from '#services/diarization/fbank.js';
import { openSession } from '#services/diarization/session.js';
import { cosine, EMBEDDING_SIZE } from '#services/diarization/vectors.js';
import { withNumbers } from '#services/onnx/edit.js';
import { type InferenceSession, Tensor } from '#services/onnx/runtime.js';
import { decodeModel, encodeModel, type OnnxModel } from '#services/onnx/schema.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { speakerModels } from '../../support/speaker-engine.js';

const exported = async () => decodeModel(await readFile(speakerModels.embeddingModelPath));

describe('the cheaper graph of speaker embeddings', () => {
  let own: InferenceSession;
  let lean: InferenceSession;
  const voices: Features[] = [];
  before(async () => {
    const model = leanEmbeddingGraph(await exported());
    assert.ok(model);
    own = await openSession(speakerModels.embeddingModelPath, { threads: 1 });
    lean = await openSession(encodeModel(model), { threads: 1 });
    const fbank = await createFbank({ threads: 1 });
    for (const name of ['two-speakers-clean', 'three-speakers-reverb'] as const)
      voices.push(await fbank.run(fixturePcm(name).subarray(0, 30 * 16_000)));
    await fbank.dispose();
  });
  after(async () => {
    await Promise.all([own, lean].map((session) => session.release()));
  });

  /** Some stretches of one length, from all over a recording. */
  const stretches = ({ frames, data }: Features, batch: number, length: number) => {
    const all = new Float32Array(batch * length * MEL_BANDS);
    for (let row = 0; row < batch; row++) {
      const first = Math.floor(((frames - length) * row) / batch);
      const part = data.subarray(first * MEL_BANDS, (first + length) * MEL_BANDS);
      all.set(part, row * length * MEL_BANDS);
    }
    return new Tensor('float32', all, [batch, length, MEL_BANDS]);
  };
  const embed = async (session: InferenceSession, x: Tensor) => {
    const { embedding } = await session.run({ x });
    return (embedding as Tensor).data as Float32Array;
  };

  // Masks hold for 200 frames: the lengths around that and its multiples have a last one for a frame or two.
  for (const [batch, length] of [
    [1, 4],
    [8, 30],
    [7, 101],
    [6, 160],
    [5, 199],
    [4, 200],
    [4, 201],
    [4, 203],
    [3, 333],
    [2, 400],
    [2, 402],
    [1, 1111],
  ] as const) {
    it(`gives the same for ${batch} of ${length} frames, up to rounding`, async () => {
      for (const features of voices) {
        const x = stretches(features, batch, length);
        const [expected, found] = [await embed(own, x), await embed(lean, x)];
        assert.equal(found.length, batch * EMBEDDING_SIZE);
        for (let at = 0; at < found.length; at += EMBEDDING_SIZE) {
          const [one, other] = [expected, found].map((all) => all.slice(at, at + EMBEDDING_SIZE));
          const distances = one?.map((value, index) => Math.abs(value - (other?.[index] ?? 0)));
          assert.ok(Math.max(...(distances ?? [])) < 1e-4);
          assert.ok(cosine(one as Float32Array, other as Float32Array) > 0.999999);
        }
      }
    });
  }
});

const sine = (_: unknown, index: number) => Math.sin(index);

/** The model with masks for segments of another length, which this project does not know. */
function withOtherMasks(model: OnnxModel): OnnxModel {
  const node = model.graph.node.map((each) =>
    each.opType === 'AveragePool' ? withNumbers(each, { kernel_shape: [50] }) : each,
  );
  return { ...model, graph: { ...model.graph, node } };
}

describe('an embedding model that is not known', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whosaid-graph-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('is left as it is', async () => {
    const segmentation = decodeModel(await readFile(speakerModels.segmentationModelPath));
    assert.equal(leanEmbeddingGraph(segmentation), undefined);
    assert.equal(leanEmbeddingGraph(withOtherMasks(await exported())), undefined);
    const newer = { ...(await exported()), opsetImport: [{ domain: '', version: 21 }] };
    assert.equal(leanEmbeddingGraph(newer), undefined);
  });

  const embedsSomething = async (modelPath: string) => {
    const embedder: Embedder = await createEmbedder({ modelPath, threads: 1 });
    const features = { frames: 50, data: Float32Array.from({ length: 50 * MEL_BANDS }, sine) };
    const frames = Array.from({ length: 50 }, (_, frame) => frame);
    const [embedding] = await embedder.run(features, [frames]);
    await embedder.dispose();
    assert.ok(Math.abs(Math.hypot(...(embedding as Float32Array)) - 1) < 1e-5);
  };

  it('still makes embeddings', async () => {
    const path = join(folder, 'other.onnx');
    await writeFile(path, encodeModel(withOtherMasks(await exported())));
    await embedsSomething(path);
  });

  it('is no obstacle where a link leads to the model', async () => {
    const path = join(folder, 'link.onnx');
    await symlink(speakerModels.embeddingModelPath, path);
    await embedsSomething(path);
  });

  it('leaves it to the runtime to say that a file is no model', async () => {
    const path = join(folder, 'text.onnx');
    await writeFile(path, 'This is no model.');
    await assert.rejects(createEmbedder({ modelPath: path, threads: 1 }), /text\.onnx/);
    const missing = join(folder, 'missing.onnx');
    await assert.rejects(createEmbedder({ modelPath: missing, threads: 1 }), /missing\.onnx/);
  });
});
