import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { SherpaFamily, SherpaModel } from '#services/asr/sherpa/family.js';
import { readSegment } from '#services/asr/sherpa/read-segment.js';
import type { RawResult } from '#services/asr/sherpa/recogniser.js';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { tinyEngine, tinyModelCopy, tone } from '../../../support/tiny-models.js';

const seconds = (count: number) => ({ samples: new Int16Array(count * SAMPLE_RATE).fill(1) });

describe('a segment that is longer than its family takes', () => {
  it('is cut, and its words go on in time', async () => {
    const engine = await tinyEngine({ family: 'sense-voice', name: 'sense-voice' });
    const { samples } = tone();
    const long = Int16Array.from({ length: 70 * SAMPLE_RATE }, (_, index) =>
      Number(samples[index % samples.length]),
    );
    const [result] = await engine.recognise([{ samples: long }], {});
    const numbers = result?.words.filter(({ text }) => text === 'number') ?? [];
    assert.ok(numbers.length >= 3, `${numbers.length} parts`);
    let before = -1;
    for (const { start } of result?.words ?? []) {
      assert.ok(start >= before && start < 70);
      before = start;
    }
  });
});

describe('calls side by side', () => {
  it('do not take each other’s language', async () => {
    const engine = await tinyEngine({ family: 'canary', name: 'canary' });
    const results = await Promise.all(
      ['de', 'en', 'fr', 'de', 'es'].map((language) => engine.recognise([tone()], { language })),
    );
    assert.deepEqual(
      results.map(([result]) => result?.text),
      ['inde fromde.', 'inen fromen.', 'infr fromfr.', 'inde fromde.', 'ines fromes.'],
    );
  });

  it('stop between two segments when they are cancelled, and tell of each one done', async () => {
    const engine = await tinyEngine({ family: 'nemo-ctc', name: 'nemo-ctc' });
    const controller = new AbortController();
    let done = 0;
    const onProgress = () => {
      done++;
      if (done === 2) controller.abort(new Error('enough'));
    };
    const call = { signal: controller.signal, onProgress };
    await assert.rejects(engine.recognise([tone(), tone(), tone()], {}, call), /enough/);
    assert.equal(done, 2);
  });
});

describe('a decoder that falls into a loop', () => {
  /** What the recogniser says is chosen by the length of the sound; the rest is as in the engine. */
  const readerOf = (sayings: (seconds: number) => string[]) => {
    const names = new Map(['a', 'b', 'c'].map((name, id) => [id, name]));
    const raw = (tokens: string[]): RawResult => ({
      text: tokens.join(''),
      tokens,
      timestamps: [],
      durations: [],
      logProbs: [],
      language: '',
    });
    return {
      recogniser: {
        decode: async (samples: Float32Array) => raw(sayings(samples.length / SAMPLE_RATE)),
      },
      family: {
        graphs: {},
        vocabulary: 'plain',
        loops: true,
        maxSeconds: 30,
        call: () => ({ modelConfig: {} }),
      } satisfies SherpaFamily,
      model: {
        modelId: 'm',
        paths: {},
        graphs: {},
        languages: ['en'],
        vocabulary: {
          names,
          ids: new Map([...names].map(([id, name]) => [name, id])),
          bytes: new Map([...names].map(([id, name]) => [id, Buffer.from(` ${name}`)])),
        },
      } satisfies SherpaModel,
      languages: ['en'],
      options: {},
    };
  };

  it('is asked again in halves', async () => {
    const reader = readerOf((length) => (length > 7 ? Array(30).fill('a') : ['b', 'c']));
    const result = await readSegment(reader, seconds(8));
    assert.equal(result.text, 'b c b c');
  });

  it('is cut off in what is too short for that', async () => {
    const reader = readerOf(() => ['b', ...Array<string>(30).fill('a')]);
    assert.equal((await readSegment(reader, seconds(1.5))).text, 'b a');
  });
});

describe("a model in onnxruntime's own format", () => {
  it('is read, and looked into first as any other', async () => {
    const options = { family: 'moonshine-v2', name: 'moonshine-v2-ort' };
    const [result] = await (await tinyEngine(options)).recognise([tone()], {});
    assert.equal(result?.text, 'Hello worldé.');
    for (const file of ['encoder_model.ort', 'decoder_model_merged.ort'])
      for (const damage of [
        async (path: string) => truncate(path, 2_000),
        async (path: string) => writeFile(path, 'no model'),
        async (path: string, folder: string) => {
          const other = file.startsWith('encoder')
            ? 'decoder_model_merged.ort'
            : 'encoder_model.ort';
          await writeFile(path, await readFile(join(folder, other)));
        },
      ]) {
        const copy = await tinyModelCopy('moonshine-v2-ort');
        await damage(join(copy.path, file), copy.path);
        await assert.rejects(
          tinyEngine({ ...options, modelDir: copy.path, modelFiles: copy.files }),
          (error: Error) => error.message.includes(`${file} of model`),
        );
        await copy.remove();
      }
  });
});

describe('a graph that is damaged inside', () => {
  it('is an error that says how to find the file, or which one it is', async () => {
    const streaming = 'joiner-epoch-99-avg-1-chunk-16-left-128.int8.onnx';
    for (const [family, file, [whole, broken], expected] of [
      ['nemo-ctc', 'model.int8.onnx', ['Gather', 'Gathex'], /cannot be loaded: .*models verify/],
      ['zipformer-streaming', streaming, ['Add', 'Adx'], /joiner-.*onnxruntime cannot load it/],
    ] as const) {
      const copy = await tinyModelCopy(family);
      const path = join(copy.path, file);
      const bytes = (await readFile(path)).toString('latin1');
      await writeFile(path, Buffer.from(bytes.replaceAll(whole, broken), 'latin1'));
      await assert.rejects(
        tinyEngine({ family, name: family, modelDir: copy.path, modelFiles: copy.files }),
        expected,
      );
      await copy.remove();
    }
  });
});

describe('a file beside the graphs that holds their weights', () => {
  it('is missed before sherpa-onnx misses it', async () => {
    const copy = await tinyModelCopy('nemo-ctc');
    await assert.rejects(
      tinyEngine({
        family: 'nemo-ctc',
        name: 'nemo-ctc',
        modelDir: copy.path,
        modelFiles: [...copy.files, 'model.int8.onnx.data'],
      }),
      /model\.int8\.onnx\.data of model 'nemo-ctc' cannot be used: it is missing/,
    );
    await copy.remove();
  });
});
