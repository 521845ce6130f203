import assert from 'node:assert/strict';
import { copyFile, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { families } from '#services/asr/sherpa/families.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { tinyEngine, tinyModelCopy } from '../../../support/tiny-models.js';

/** The tiny model of a family where it has another name. sherpa-onnx runs in this process: had it opened a damaged file, these tests would be gone. */
const MODELS: Readonly<Record<string, string>> = {
  'nemo-transducer': 'nemo-tdt',
};

const OTHER = join(projectRoot, 'models/bundled/segmentation-3.0/segmentation-3.0.onnx');

type Damage = (path: string, folder: string) => Promise<void>;

/** What an ONNX file can suffer, and what the error says of it. */
const DAMAGES: Readonly<Record<string, readonly [Damage, RegExp]>> = {
  'is missing': [(path) => rename(path, `${path}.elsewhere`), /it is missing/],
  'is empty': [(path) => truncate(path, 0), /no graph|is empty/],
  'is cut in half': [
    async (path) => truncate(path, Math.floor((await stat(path)).size / 2)),
    /cut short|no ONNX|lacks/,
  ],
  'is a web page': [
    (path) => writeFile(path, '<!doctype html><title>Not found</title>'),
    /cut short|no ONNX|no graph|not "token/,
  ],
  "is another model's": [async (path) => copyFile(OTHER, path), /another model's file/],
};
async function damaged(family: string, file: string, damage: Damage): Promise<WhosaidError> {
  const copy = await tinyModelCopy(MODELS[family] ?? family);
  try {
    await damage(join(copy.path, file), copy.path);
    const options = { family, name: MODELS[family] ?? family };
    return await tinyEngine({ ...options, modelDir: copy.path, modelFiles: copy.files }).then(
      () => assert.fail(`${family} was loaded although its ${file} is damaged`),
      (error: unknown) => {
        assert.ok(error instanceof WhosaidError, String(error));
        return error;
      },
    );
  } finally {
    await copy.remove();
  }
}

for (const family of Object.keys(families)) {
  describe(`a model of the family ${family}`, () => {
    for (const [name, [damage, expected]] of Object.entries(DAMAGES))
      it(`is not opened when an ONNX file of it ${name}`, async () => {
        const copy = await tinyModelCopy(MODELS[family] ?? family);
        await copy.remove();
        for (const file of copy.files.filter((each) => each.endsWith('.onnx'))) {
          const { key, message } = await damaged(family, file, damage);
          assert.equal(key, 'engine_unavailable');
          assert.match(message, expected);
          assert.ok(message.includes(basename(file)), message);
          assert.match(message, /models pull/);
        }
      });

    if (families[family]?.vocabulary !== undefined) {
      it('is not opened when its tokens are missing, too few, too many or no tokens', async () => {
        const change = (edit: (lines: string[]) => string[]) => async (path: string) =>
          writeFile(path, edit((await readFile(path, 'utf8')).trim().split('\n')).join('\n'));
        for (const damage of [
          (path: string) => rename(path, `${path}.elsewhere`),
          (path: string) => truncate(path, 0),
          change((lines) => lines.map((line) => line.split(' ')[0] ?? '')),
          change((lines) => [...lines, lines.at(-1) ?? '']),
          ...(families[family]?.vocabularySize
            ? [
                change((lines) => lines.slice(1)),
                change((lines) => lines.slice(0, -Math.ceil(lines.length / 5))),
              ]
            : []),
        ]) {
          const { message } = await damaged(family, 'tokens.txt', damage);
          assert.match(message, /tokens\.txt .*models pull/);
        }
      });
    }

    it('is not opened when a key of its metadata is missing or has another value', async () => {
      for (const [role, graph] of Object.entries(families[family]?.graphs ?? {})) {
        const keys = [
          ...(graph.metadata ?? []),
          ...(graph.texts ?? []),
          ...Object.keys(graph.values ?? {}),
        ];
        const copy = await tinyModelCopy(MODELS[family] ?? family);
        await copy.remove();
        const file = copy.files.find((each) => graph.file.test(basename(each))) ?? role;
        for (const key of keys) {
          const { message } = await damaged(family, file, async (path) => {
            const bytes = await readFile(path);
            const at = bytes.lastIndexOf(`${key}\x12`);
            assert.ok(at > 0, `${file} has no ${key}`);
            bytes.write('_', at + key.length - 1);
            await writeFile(path, bytes);
          });
          assert.ok(message.includes(key), message);
        }
      }
    });
  });
}

describe('a model whose catalogue names too few files', () => {
  it('is not opened, and the role that nobody has is said', async () => {
    await assert.rejects(
      tinyEngine({ family: 'zipformer', name: 'zipformer', modelFiles: ['tokens.txt'] }),
      /encoder of model 'zipformer' cannot be used: none of its files has such a name/,
    );
  });
});
