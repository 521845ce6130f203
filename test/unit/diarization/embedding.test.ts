import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createEmbedder, type Embedder } from '#services/diarization/embedding.js';
import { createFbank, type Features } from '#services/diarization/fbank.js';
import { cosine, EMBEDDING_SIZE, unit } from '#services/diarization/vectors.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { speakerModels } from '../../support/speaker-engine.js';

/** Numbers of the frames of a stretch. */
const frames = (first: number, length: number) =>
  Array.from({ length }, (_, index) => first + index);

describe('the embedder', () => {
  let embedder: Embedder;
  let features: Features;
  before(async () => {
    embedder = await createEmbedder({ modelPath: speakerModels.embeddingModelPath, threads: 1 });
    const fbank = await createFbank({ threads: 1 });
    features = await fbank.run(fixturePcm('two-speakers-clean').subarray(0, 20 * 16_000));
    await fbank.dispose();
  });
  after(() => embedder.dispose());

  it('gives the same for a stretch alone as among others of several lengths, in order', async () => {
    const stretches = Array.from({ length: 21 }, (_, index) =>
      frames(80 + 80 * index, [50, 100, 150][index % 3] ?? 50),
    );
    const together = await embedder.run(features, stretches);
    assert.equal(together.length, stretches.length);
    for (const [index, stretch] of stretches.entries()) {
      const [alone] = await embedder.run(features, [stretch]);
      const likeness = cosine(alone as Float32Array, together[index] as Float32Array);
      assert.ok(likeness > 0.99999, `${index}: ${likeness}`);
    }
  });

  it('gives embeddings of unit length', async () => {
    const [embedding] = await embedder.run(features, [frames(100, 150)]);
    assert.equal(embedding?.length, EMBEDDING_SIZE);
    assert.ok(Math.abs(Math.hypot(...embedding) - 1) < 1e-5);
  });

  it('does not hear how loud the audio is', async () => {
    const louder = { ...features, data: features.data.map((value) => value + Math.log(4)) };
    const [one] = await embedder.run(features, [frames(100, 150)]);
    const [other] = await embedder.run(louder, [frames(100, 150)]);
    assert.ok(cosine(one as Float32Array, other as Float32Array) > 0.9999);
  });

  it('hears that a person is more like themselves than like another', async () => {
    // Alice speaks from 0.8 to 4.3 s and again later, Bruno from 4.8 s on.
    const [alice, again, bruno] = (await embedder.run(features, [
      frames(100, 150),
      frames(270, 150),
      frames(500, 150),
    ])) as [Float32Array, Float32Array, Float32Array];
    assert.ok(cosine(alice, again) > cosine(alice, bruno) + 0.2);
  });

  it('has nothing to do for no stretches', async () => {
    assert.deepEqual(await embedder.run(features, []), []);
  });

  it('ends when it is aborted', async () => {
    const signal = AbortSignal.abort(new Error('Enough.'));
    await assert.rejects(embedder.run(features, [frames(0, 100)], { signal }), /Enough/);
  });
});

describe('unit', () => {
  it('gives a vector of length 1, and leaves one of no length as it is', () => {
    assert.deepEqual(
      [...unit(Float32Array.of(3, 4))].map((value) => value.toFixed(3)),
      ['0.600', '0.800'],
    );
    assert.deepEqual([...unit(Float32Array.of(0, 0))], [0, 0]);
  });
});
