import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { addAttention } from '#services/asr/whisper/add-attention.js';
import { createWhisperEngine } from '#services/asr/whisper/engine.js';
import { readWhisperFiles } from '#services/asr/whisper/model-files.js';
import { readOnnxOutline } from '#services/onnx/outline.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { testFolder } from '../../support/paths.js';
import { eventually } from '../../support/processes.js';
import { whisperDir, writeUpstreamDecoder } from '../../support/whisper-model.js';

const shared = whisperDir();
const FILES = ['encoder.int8.onnx', 'decoder.int8.onnx', 'tokens.txt'];
const DECODER = 'decoder.int8.onnx';
const COPY = 'decoder.int8.attention.onnx';
const RECORD = 'decoder.int8.attention.json';

describe('a Whisper decoder that does not say where it looks', {
  skip: shared === undefined ? 'no Whisper base on this machine (WHISPER_DIR)' : false,
}, () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  const path = (name: string) => join(folder.path, name);
  const engineIn = (modelDir: string) =>
    createWhisperEngine({
      modelId: 'whisper-base',
      modelDir,
      modelFiles: FILES,
      threads: 1,
      tempDir: tmpdir(),
    });
  const modelFolder = () => ({ modelId: 'whisper-base', modelDir: folder.path, files: FILES });
  const addToDecoder = async () => addAttention(await readWhisperFiles(modelFolder()));
  const segment = () => ({
    samples: fixturePcm('two-speakers-clean').subarray(0.5 * SAMPLE_RATE, 4.6 * SAMPLE_RATE),
  });

  before(async () => {
    folder = await testFolder();
    for (const name of ['encoder.int8.onnx', 'tokens.txt'])
      await symlink(join(shared as string, name), path(name));
    await writeUpstreamDecoder(path(DECODER));
  });
  after(() => folder?.remove());

  /** Turns one bit over in the middle of a file, where weights are, and gives it a time of long ago. */
  async function damage(name: string): Promise<void> {
    const file = await open(path(name), 'r+');
    const at = Math.floor((await file.stat()).size * 0.6);
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, at);
    await file.write(Buffer.of((byte[0] as number) ^ 1), 0, 1, at);
    await file.close();
    await utimes(path(name), 1e9, 1e9);
  }
  const inCopy = async () =>
    (await readFile(path(COPY))).subarray(0, (await stat(path(DECODER))).size);
  const parts = async () => (await readdir(folder.path)).filter((name) => name.endsWith('.part'));

  it('gets a copy that does, with the word times of one that was exported so', async () => {
    const engine = await engineIn(folder.path);
    assert.deepEqual(engine.notes, []);
    assert.equal((await readOnnxOutline(path(COPY))).outputs.at(-1), 'cross_attention_weights');
    const [made] = await engine.recognise([segment()], { language: 'en' });
    const [exported] = await (await engineIn(shared as string)).recognise([segment()], {
      language: 'en',
    });
    assert.ok((made?.words.length ?? 0) > 8);
    assert.deepEqual(made?.words, exported?.words);
  });

  it('is copied once', async () => {
    const { ino } = await stat(path(COPY));
    await addToDecoder();
    assert.equal((await stat(path(COPY))).ino, ino);
    assert.deepEqual(await parts(), []);
  });

  it('is not copied again when its time alone has changed', async () => {
    const { ino } = await stat(path(COPY));
    await utimes(path(DECODER), 2e9, 2e9);
    await addToDecoder();
    assert.equal((await stat(path(COPY))).ino, ino);
  });

  it('is copied again when another one of its size takes its place, however old that is', async () => {
    await damage(DECODER);
    assert.ok(!(await inCopy()).equals(await readFile(path(DECODER))));
    await addToDecoder();
    assert.ok((await inCopy()).equals(await readFile(path(DECODER))));
  });

  it('is copied again when the copy is no longer as it was', async () => {
    await damage(COPY);
    await addToDecoder();
    assert.ok((await inCopy()).equals(await readFile(path(DECODER))));
  });

  it('is copied again when something else is to be added, or nobody knows what was', async () => {
    const record = JSON.parse(await readFile(path(RECORD), 'utf8'));
    const others = [JSON.stringify({ ...record, additionSha256: '0'.repeat(64) }), '{ "decod'];
    for (const text of others) {
      const { ino } = await stat(path(COPY));
      await writeFile(path(RECORD), text);
      await addToDecoder();
      assert.notEqual((await stat(path(COPY))).ino, ino, text);
      assert.deepEqual(JSON.parse(await readFile(path(RECORD), 'utf8')).decoder, record.decoder);
    }
  });

  it('leaves nothing behind when the process that copies it is killed, once another one starts', async () => {
    await rm(path(RECORD));
    const main = fileURLToPath(import.meta.resolve('#services/asr/whisper/prepare-main.js'));
    const child = fork(main, [JSON.stringify(modelFolder())], { stdio: 'ignore' });
    await eventually('the copy is being made', async () => (await parts()).length > 0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal((await parts()).length, 1);
    await addToDecoder();
    assert.deepEqual(await parts(), []);
  });

  it('is copied by two at once without harm', async () => {
    await rm(path(RECORD));
    const copies = await Promise.all([addToDecoder(), addToDecoder()]);
    assert.deepEqual(copies, Array(2).fill({ decoder: path(COPY) }));
    assert.deepEqual(await parts(), []);
    const { ino } = await stat(path(COPY));
    await addToDecoder();
    assert.equal((await stat(path(COPY))).ino, ino);
  });

  describe('where no copy can be made', () => {
    beforeEach(async () => {
      for (const name of [COPY, RECORD]) await rm(path(name), { recursive: true, force: true });
    });
    afterEach(async () => {
      await rm(path(COPY), { recursive: true, force: true });
    });

    it('is used as it is, with a note that says why, and words share their segment', async () => {
      // A file cannot take the place of a folder.
      await mkdir(path(COPY));
      const engine = await engineIn(folder.path);
      assert.match(
        engine.notes?.join() ?? '',
        /'whisper-base' have no times .+\(EISDIR|EPERM\)\.$/,
      );
      const [read] = await engine.recognise([segment()], { language: 'en' });
      assert.equal(read?.words[0]?.start, 0);
      assert.deepEqual(await parts(), []);
    });

    it('is not copied time and again when its copy does not work', async () => {
      await writeUpstreamDecoder(path(DECODER), (model) => {
        model.opsetImport = [];
      });
      const first = await addToDecoder();
      assert.match(
        'missing' in first ? first.missing : '',
        /no copy that does could be made .*opset/,
      );
      const { ino } = await stat(path(RECORD));
      assert.deepEqual(await addToDecoder(), first);
      assert.equal((await stat(path(RECORD))).ino, ino);
    });

    it('is an error that names the file when a part of it cannot be read', async () => {
      // A graph with a node whose first field has no end.
      await writeFile(path(DECODER), Buffer.of(0x3a, 0x03, 0x0a, 0x01, 0x80), { flag: 'a' });
      await assert.rejects(
        engineIn(folder.path),
        (error) =>
          error instanceof WhosaidError &&
          error.key === 'engine_unavailable' &&
          /decoder\.int8\.onnx of model 'whisper-base' cannot be used: it is cut short/.test(
            error.message,
          ),
      );
    });
  });
});
