import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { recordingsIn, sortNamed } from '#src/cli/remote/find-recordings.js';
import { jobKey } from '#src/cli/remote/job-key.js';
import { OutputNames } from '#src/cli/remote/output-names.js';
import { readRemoteFlags } from '#src/cli/remote/remote-flags.js';
import { requestFields } from '#src/cli/remote/request-fields.js';
import { testFolder } from '../../../support/paths.js';

describe('recordings in folders', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  beforeEach(async () => {
    folder = await testFolder();
  });
  afterEach(() => folder.remove());

  const make = async (...names: string[]) => {
    for (const name of names) {
      await mkdir(dirname(join(folder.path, name)), { recursive: true });
      await writeFile(join(folder.path, name), 'x');
    }
  };

  it('are those whose ending says so, below it too, but for hidden ones', async () => {
    await make('b.MP3', 'a.wav', 'deep/er/c.m4a', 'notes.txt', '.hidden.wav', '.git/d.wav', 'wav');
    const found = await recordingsIn(folder.path, () => assert.fail());
    assert.deepEqual(
      found.map(({ label }) => label),
      ['a.wav', 'b.MP3', join('deep', 'er', 'c.m4a')],
    );
  });

  it('are told from files, which may have any name; folders need to be wanted', async () => {
    await make('in/a.wav', 'notes.bin');
    const paths = ['in', 'notes.bin', 'missing.mp3', 'in'].map((name) => join(folder.path, name));
    const { files, folders } = await sortNamed(paths, { isRecursive: true });
    assert.deepEqual(folders, [join(folder.path, 'in')]);
    assert.deepEqual(
      files.map(({ label }) => label),
      ['notes.bin', 'missing.mp3'],
    );
    const unwanted = { name: 'UsageError', message: /is a folder\. Add --recursive/ };
    await assert.rejects(sortNamed(paths, { isRecursive: false }), unwanted);
  });

  it('tell of a folder that cannot be read', async () => {
    const problems: string[] = [];
    const missing = join(folder.path, 'missing');
    assert.deepEqual(await recordingsIn(missing, (path) => void problems.push(path)), []);
    assert.deepEqual(problems, [missing]);
  });
});

describe('names of transcripts', () => {
  const recording = (path: string) => ({ path: join('/in', path), label: path });
  const allot = (names: OutputNames, ...paths: string[]) =>
    names.allot(paths.map(recording)).map((each) => [...each.values()].join(' '));

  it('are those of the recordings, beside them or below another folder', () => {
    const beside = new OutputNames({ formats: ['srt', 'json'], outputDir: undefined });
    assert.deepEqual(allot(beside, 'a.mp3', 'b/c.d.wav'), [
      `${join('/in', 'a.srt')} ${join('/in', 'a.json')}`,
      `${join('/in/b', 'c.d.srt')} ${join('/in/b', 'c.d.json')}`,
    ]);
    const below = new OutputNames({ formats: ['text'], outputDir: '/out' });
    assert.deepEqual(allot(below, 'b/c.wav'), [join('/out/b', 'c.txt')]);
  });

  it('keep the ending of recordings that differ in nothing else, whenever they come', () => {
    const names = new OutputNames({ formats: ['srt'], outputDir: '/out' });
    assert.deepEqual(allot(names, 'a.mp3', 'A.wav', 'b.mp3'), [
      join('/out', 'a.mp3.srt'),
      join('/out', 'A.wav.srt'),
      join('/out', 'b.srt'),
    ]);
    assert.deepEqual(allot(names, 'b.wav', 'b.mp3'), [
      join('/out', 'b.wav.srt'),
      join('/out', 'b.mp3.srt'),
    ]);
    assert.deepEqual(allot(names, 'b.mp3'), [join('/out', 'b.srt')]);
  });

  it('are numbered where two recordings of two folders have the same', () => {
    const names = new OutputNames({ formats: ['srt'], outputDir: '/out' });
    const twins = ['/one/a.mp3', '/two/a.mp3'].map((path) => ({ path, label: basename(path) }));
    const paths = names.allot(twins).map((each) => each.get('srt'));
    assert.deepEqual(paths, [join('/out', 'a.mp3.srt'), join('/out', 'a.mp3-2.srt')]);
  });

  it('are never that of the recording itself', () => {
    const names = new OutputNames({ formats: ['text'], outputDir: undefined });
    assert.deepEqual(allot(names, 'a.txt'), [join('/in', 'a.txt.txt')]);
  });
});

describe('the key of a job', () => {
  const about = {
    path: '/in/a.mp3',
    size: 1,
    mtimeMs: 2,
    fields: [['model', 'whisper-1']] as const,
    isForced: false,
  };

  it('is the same for the same file and options, and another one for all else', () => {
    assert.equal(jobKey(about), jobKey({ ...about }));
    const others = [
      { path: '/in/b.mp3' },
      { size: 2 },
      { mtimeMs: 3 },
      { fields: [['model', 'x']] as const },
      { isForced: true },
      { isForced: true },
    ].map((change) => jobKey({ ...about, ...change }));
    assert.equal(new Set([jobKey(about), ...others]).size, 7);
  });
});

describe('options about a server', () => {
  const server = 'http://host:8000';

  it('read its address with and without /v1', () => {
    for (const text of [server, `${server}/`, `${server}/v1`, ` ${server}/v1/ `]) {
      assert.equal(readRemoteFlags({ server: text })?.server, server);
    }
    assert.equal(readRemoteFlags({ server: 'https://h/whosaid/v1' })?.server, 'https://h/whosaid');
  });

  it('are refused with the reason where they make no sense', () => {
    const wrong = [
      [{ server: 'host:8000' }, /--server is "host:8000"; expected an address/],
      [{ server: 'http://me:pw@host' }, /without a user name/],
      [{ server, jobs: '0' }, /--jobs is "0"; expected a whole number from 1 to 64/],
      [{ server, apiKey: 'a', apiKeyFile: 'b' }, /are two keys/],
      [{ watch: true }, /--watch belongs to --server/],
      [{ recursive: true }, /--recursive belongs to --server/],
      [{ summary: 'x' }, /--summary belongs to --server/],
    ] as const;
    for (const [flags, message] of wrong) {
      assert.throws(() => readRemoteFlags(flags), { name: 'UsageError', message });
    }
    assert.equal(readRemoteFlags({}), undefined);
  });

  it('are told to it in the words of its API', async () => {
    const store = { find: async () => undefined, list: async () => [] };
    const options = { formats: ['srt', 'diarized_json'], task: 'transcribe' } as const;
    const speakers = { refused: false, known: [], count: { min: 2, max: 4 } };
    const fields = await requestFields({ ...options, language: 'de', speakers }, store);
    assert.deepEqual(fields, [
      ['model', 'whisper-1'],
      ['task', 'transcribe'],
      ['language', 'de'],
      ['response_format', 'diarized_json'],
      ['diarize', 'true'],
      ['min_speakers', '2'],
      ['max_speakers', '4'],
    ]);
    const refused = { ...options, speakers: { refused: true, known: [] } };
    await assert.rejects(requestFields(refused, store), { name: 'UsageError' });
    const channels = { refused: false, askedBy: '--channels split', known: [], channels: {} };
    const split = { formats: ['text'], task: 'translate', speakers: channels } as const;
    assert.deepEqual(await requestFields({ ...split, model: 'm', language: ' AUTO ' }, store), [
      ['model', 'm'],
      ['task', 'translate'],
      ['response_format', 'text'],
      ['diarize', 'true'],
      ['channels', 'split'],
    ]);
  });
});
