import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { decodeWav } from '#services/audio/wav.js';
import { findVoices, voiceProblem } from '#src/cli/known-voices.js';
import { voiceName } from '#src/cli/speaker-names.js';
import { createVoiceStore } from '#src/cli/voice-store.js';
import { type ErrorParams, WhosaidError } from '#utils/errors/whosaid-error.js';
import { testFolder } from '../../support/paths.js';

const samples = Int16Array.from({ length: 1600 }, (_, index) => index - 800);
const usage = (message: RegExp) => ({ name: 'UsageError', message });

let root: string;
let remove: () => Promise<void>;
let dataDir: string;
let made = 0;

before(async () => {
  ({ path: root, remove } = await testFolder());
});
after(() => remove());
beforeEach(() => {
  made += 1;
  dataDir = join(root, `data-${made}`);
});

describe('stored voices', () => {
  const names = async () => (await createVoiceStore(dataDir).list()).map(({ name }) => name);

  it('are none before the first, and reading makes no folder', async () => {
    assert.deepEqual(await names(), []);
    await assert.rejects(stat(dataDir), { code: 'ENOENT' });
  });

  it('are WAV files with the samples they were given', async () => {
    const store = createVoiceStore(dataDir);
    await store.save({ name: 'Alice', samples });
    const found = await store.find('Alice');
    assert.ok(found);
    assert.deepEqual(decodeWav(await readFile(found.path)), samples);
    assert.ok(Math.abs(Date.now() - found.addedAt.getTime()) < 60_000);
  });

  it('are for their owner alone, also in a folder that was open to others', async () => {
    const store = createVoiceStore(dataDir);
    await mkdir(store.folder, { recursive: true });
    await chmod(store.folder, 0o755);
    await store.save({ name: 'Alice', samples });
    if (process.platform === 'win32') return;
    assert.equal((await stat(store.folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(store.folder, 'Alice.wav'))).mode & 0o777, 0o600);
  });

  it('are found and replaced whatever the capitals, and forgotten when removed', async () => {
    const store = createVoiceStore(dataDir);
    await store.save({ name: 'alice', samples });
    await store.save({ name: 'Zoë', samples });
    await store.save({ name: 'Alice', samples: samples.subarray(800) });
    assert.deepEqual(await names(), ['Alice', 'Zoë']);
    assert.equal((await store.find('ALICE'))?.name, 'Alice');
    assert.equal((await store.find('Zoe\u0308'))?.name, 'Zoë');
    await store.remove('aLICE');
    assert.deepEqual(await names(), ['Zoë']);
    assert.deepEqual(await readdir(store.folder), ['Zoë.wav']);
  });

  it('say who is stored when somebody is not', async () => {
    const store = createVoiceStore(dataDir);
    await store.save({ name: 'Alice', samples });
    assert.equal(await store.find('Bob'), undefined);
    await assert.rejects(
      store.remove('Bob'),
      usage(/No voice of "Bob" is stored; stored: Alice\./),
    );
    await assert.rejects(store.remove('../voices/Alice'), usage(/No voice of/));
  });

  it('replace a link in the folder instead of writing where it leads', async () => {
    const store = createVoiceStore(dataDir);
    await mkdir(store.folder, { recursive: true });
    const elsewhere = join(dataDir, 'elsewhere');
    await writeFile(elsewhere, 'precious');
    await symlink(elsewhere, join(store.folder, 'Alice.wav'));
    await store.save({ name: 'Alice', samples });
    assert.equal(await readFile(elsewhere, 'utf8'), 'precious');
  });

  it('say which setting is wrong when the folder cannot be', async () => {
    await writeFile(dataDir, 'a file');
    await assert.rejects(
      createVoiceStore(dataDir).save({ name: 'Alice', samples }),
      usage(/DATA_DIR/),
    );
  });
});

describe('names of stored voices', () => {
  it('are what people are called', () => {
    for (const name of ['alice', 'Anna-Lena O’Neil', 'Dr. No', 'Zoë', '李雷', 'r2_d2', 'Jr'])
      assert.equal(voiceName(name), name);
    assert.equal(voiceName(' Zoe\u0308 '), 'Zoë');
  });

  for (const name of [
    '',
    ' ',
    '.',
    '..',
    '../x',
    'a/b',
    'a\\b',
    '.hidden',
    'a\0',
    'a\nb',
    'a.',
    'a=b',
    'a:b',
    '-rf',
    'é'.repeat(51),
  ])
    it(`are not ${JSON.stringify(name).slice(0, 20)}, which would be no safe name of a file`, () => {
      assert.throws(() => voiceName(name), usage(/cannot be the name of a stored voice/));
    });
});

describe('known voices', () => {
  it('are files as given, or out of the store under the name they have there', async () => {
    const store = createVoiceStore(dataDir);
    await store.save({ name: 'Alice', samples });
    const file = join(root, 'bob.wav');
    await writeFile(file, '');
    assert.deepEqual(await findVoices([{ name: 'alice' }, { name: 'bob', path: file }], store), [
      { name: 'Alice', path: join(store.folder, 'Alice.wav') },
      { name: 'bob', path: file },
    ]);
  });

  it('are refused when they are neither, with what to write', async () => {
    const store = createVoiceStore(dataDir);
    await assert.rejects(
      findVoices([{ name: 'alice.wav' }], store),
      usage(/--known name=alice\.wav/),
    );
    const path = join(root, 'not-there.wav');
    await assert.rejects(
      findVoices([{ name: 'a', path }], store),
      usage(/cannot be opened \(ENOENT\)/),
    );
  });

  it('are refused when one is asked for twice in different capitals', async () => {
    const store = createVoiceStore(dataDir);
    await store.save({ name: 'Alice', samples });
    const asked = [{ name: 'alice' }, { name: 'ALICE' }];
    await assert.rejects(findVoices(asked, store), usage(/Two speakers are called "Alice"/));
  });

  const voices = [
    { name: 'Alice', path: 'a.wav' },
    { name: 'Bob', path: 'b.wav' },
  ];
  const problems: readonly (readonly [WhosaidError['key'], ErrorParams, RegExp])[] = [
    ['known_speaker_length', { received: '0.50' }, /0\.50 seconds long; expected 1\.2 to 10/],
    ['known_speaker_silent', { received: '0.1', expected: 0.5 }, /0\.1 seconds of speech/],
    ['known_speaker_several_voices', { received: 2 }, /2 voices are heard/],
    ['known_speaker_not_audio', { reason: 'The file is empty.' }, /The file is empty\./],
  ];
  for (const [key, params, message] of problems)
    it(`that fail as ${key} are named with their file, not by number or field`, () => {
      const problem = voiceProblem(new WhosaidError(key, { number: 2, ...params }), voices);
      assert.match(problem?.message ?? '', /^The voice of "Bob" \(b\.wav\) cannot be used: /);
      assert.match(problem?.message ?? '', message);
      assert.doesNotMatch(problem?.message ?? '', /known_speaker|\{|undefined/);
    });

  it('have nothing to do with other errors', () => {
    assert.equal(voiceProblem(new WhosaidError('audio_empty'), voices), undefined);
    assert.equal(voiceProblem(new Error('x'), voices), undefined);
  });
});
