import assert from 'node:assert/strict';
import { copyFile, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { createPunctuator } from '#services/punctuation/punctuator.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type PunctuationFamily, tinyPunctuation } from '../../support/punctuation.js';
import { tinyModelCopy } from '../../support/tiny-models.js';

type Damage = (path: string) => Promise<void>;

/** Keys that sherpa-onnx reads; it ends the process where one is missing. */
const KEYS: Readonly<Record<PunctuationFamily, readonly string[]>> = {
  'cnn-bilstm': ['COMMA', 'PERIOD', 'QUESTION', 'UPPER', 'CAP', 'MIX_CASE'],
  'ct-transformer': ['tokens', 'vocab_size', 'punctuations', 'unk_symbol'],
};
const OTHER = join(projectRoot, 'models/bundled/segmentation-3.0/segmentation-3.0.onnx');

/** sherpa-onnx runs in this process: had it opened a damaged file, these tests would be gone. */
async function problemOf(
  family: PunctuationFamily,
  file: string,
  damage: Damage,
): Promise<WhosaidError> {
  const copy = await tinyModelCopy(family);
  try {
    await damage(join(copy.path, file));
    const spec = tinyPunctuation(family, { modelDir: copy.path });
    return await createPunctuator([spec]).then(
      () => assert.fail(`${family} was taken although its ${file} is damaged`),
      (error: unknown) => {
        assert.ok(error instanceof WhosaidError, String(error));
        return error;
      },
    );
  } finally {
    await copy.remove();
  }
}

const renamed =
  (key: string): Damage =>
  async (path) => {
    const bytes = await readFile(path);
    const at = bytes.lastIndexOf(`${key}\x12`);
    assert.ok(at > 0, `the file has no ${key}`);
    bytes.write('~', at + key.length - 1);
    await writeFile(path, bytes);
  };

const edited =
  (from: string, to: string): Damage =>
  async (path) => {
    const bytes = await readFile(path);
    const at = bytes.indexOf(from);
    assert.ok(at > 0, `the file has no ${from}`);
    bytes.write(to, at);
    await writeFile(path, bytes);
  };

for (const family of ['cnn-bilstm', 'ct-transformer'] as const) {
  describe(`a punctuation model of the family ${family}`, () => {
    it('is not opened when its ONNX file is missing, damaged or another one', async () => {
      const damages: readonly (readonly [Damage, RegExp])[] = [
        [(path) => rename(path, `${path}.elsewhere`), /it is missing/],
        [(path) => truncate(path, 0), /no graph/],
        [async (path) => truncate(path, Math.floor((await stat(path)).size / 2)), /cut short/],
        [(path) => writeFile(path, '<!doctype html>'), /cut short|no ONNX|no graph/],
        [(path) => copyFile(OTHER, path), /another model's file/],
      ];
      for (const [damage, expected] of damages) {
        const { key, message } = await problemOf(family, 'model.int8.onnx', damage);
        assert.equal(key, 'engine_unavailable');
        assert.match(message, expected);
        assert.match(message, /model\.int8\.onnx of model 'tiny-/);
        assert.match(message, /models pull tiny-.*ENABLE_PUNCTUATION_RESTORATION/);
      }
    });

    it('is not opened when a key of its metadata has another name', async () => {
      for (const key of KEYS[family]) {
        const { message } = await problemOf(family, 'model.int8.onnx', renamed(key));
        assert.ok(message.includes(key), message);
      }
    });
  });
}

describe('a CT-Transformer', () => {
  it('is not opened when its vocabulary is not whole', async () => {
    for (const [from, to, expected] of [
      ['|hello', ' hello', /13 tokens, not 14|tokens, not/],
      ['_|，', '-|，', /its marks lack _/],
      ['<unk>|<s>', '<unc>|<s>', /lack the unknown one/],
    ] as const) {
      const { message } = await problemOf('ct-transformer', 'model.int8.onnx', edited(from, to));
      assert.match(message, expected);
    }
  });
});

describe('the vocabulary of a CNN-BiLSTM', () => {
  it('is not opened when it is missing, empty, or has a line that is none', async () => {
    const damages: readonly (readonly [Damage, RegExp])[] = [
      [(path) => rename(path, `${path}.elsewhere`), /it is missing/],
      [(path) => truncate(path, 0), /piece, its score/],
      [edited('▁hello\t', '▁hello_'), /piece, its score/],
      [edited('\n<s>', '\n<z>'), /does not begin with/],
      [async (path) => writeFile(path, `${await readFile(path, 'utf8')}\n`), /piece, its score/],
    ];
    for (const [damage, expected] of damages) {
      const { message } = await problemOf('cnn-bilstm', 'bpe.vocab', damage);
      assert.match(message, /bpe\.vocab of model/);
      assert.match(message, expected);
    }
  });
});

describe('a punctuation model of a family that nobody knows', () => {
  it('is refused by its name', async () => {
    const spec = { ...tinyPunctuation('cnn-bilstm'), family: 'commas' };
    await assert.rejects(createPunctuator([spec]), /'tiny-cnn-bilstm' is of family 'commas'/);
  });
});
