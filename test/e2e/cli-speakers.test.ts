import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { conversationClip, silence } from '../support/clips.js';
import { fixture } from '../support/paths.js';
import { stereoCall, twoVoices, voiceSample, wavOf } from '../support/voices.js';
import { type RunResult, run } from './support/run.js';

/** Alice and Bruno take turns; Alice begins. */
const whole = fixture('two-speakers-clean');
/** Its first 17 seconds: Alice, then Bruno. */
const two = 'two.wav';
/** Each command starts engines of its own, and one of each kind starts sooner than two. */
const FEW_HOSTS = { ASR_HOSTS: '1', SPEAKER_HOSTS: '1' };

describe('speakers on the command line', () => {
  let folder: string;
  let tempDir: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whosaid-e2e-'));
    tempDir = join(folder, 'temp');
    await mkdir(tempDir);
    await writeFile(join(folder, two), conversationClip());
    await writeFile(join(folder, 'alice.wav'), wavOf(voiceSample('Alice', 4)));
    await writeFile(join(folder, 'short.wav'), wavOf(voiceSample('Alice', 0.6)));
    await writeFile(join(folder, 'silent.wav'), silence(4));
    await writeFile(join(folder, 'both.wav'), wavOf(twoVoices()));
    await writeFile(join(folder, 'notes.wav'), 'This is not audio, whatever its name says.\n');
    await writeFile(join(folder, 'call.wav'), stereoCall(20));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const whosaid = (args: readonly string[], env: Record<string, string> = {}): Promise<RunResult> =>
    run({
      command: process.execPath,
      args: [join(projectRoot, 'bin/whosaid'), ...args],
      cwd: folder,
      env: { ...FEW_HOSTS, TEMP_DIR: tempDir, DATA_DIR: join(folder, 'data'), ...env },
    });

  const output = async (args: readonly string[], env: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await whosaid(args, env);
    assert.equal(code, 0, stderr);
    return { stdout, stderr };
  };

  it('prints who said what with --format vtt --diarize', async () => {
    const { stdout, stderr } = await output(['transcribe', whole, '--format', 'vtt', '--diarize']);
    const cues = [...stdout.matchAll(/^<v (.*?)>(.+)$/gm)].map(([, speaker, text]) => ({
      speaker,
      text,
    }));
    assert.ok(cues.length >= 10, stdout);
    assert.equal(stdout.match(/-->/g)?.length, cues.length, 'a cue without a speaker');
    assert.deepEqual([...new Set(cues.map(({ speaker }) => speaker))], ['A', 'B']);
    const speakerOf = (word: string) => cues.find(({ text }) => text?.includes(word))?.speaker;
    assert.deepEqual(['electricity', 'flood', 'parallel', 'Portuguese'].map(speakerOf), [
      'A',
      'B',
      'A',
      'B',
    ]);
    assert.match(stderr, /two-speakers-clean\.flac: 0:5\d in [\d.]+ s, [\d.]+x, 2 speakers/);
  });

  it('writes them in every format, for the model id and the setting alike', async () => {
    const formats = ['text', 'srt', 'json', 'verbose_json', 'diarized_json'];
    await output(['transcribe', two, '-f', formats.join(','), '-o', 'out'], {
      ENABLE_SPEAKER_DIARIZATION: 'always',
    });
    const read = (ending: string) => readFile(join(folder, 'out', `two${ending}`), 'utf8');
    assert.match(await read('.txt'), /^A: We spent less .+\nB: In theory/);
    assert.match(await read('.srt'), /^1\n.+ --> .+\nA: We spent less/);
    for (const ending of ['.json', '.verbose.json', '.diarized.json']) {
      const { segments } = JSON.parse(await read(ending));
      assert.deepEqual(
        [...new Set(segments.map(({ speaker }: { speaker: string }) => speaker))],
        ['A', 'B'],
        ending,
      );
    }
    const { stdout } = await output(['transcribe', two, '-m', 'gpt-4o-transcribe-diarize']);
    assert.match(stdout, /^A: We spent less .+\nB: In theory/);
  });

  it('leaves them out with --no-diarize, whatever the setting says', async () => {
    const args = ['transcribe', 'alice.wav', '--no-diarize'];
    const { stdout } = await output(args, { ENABLE_SPEAKER_DIARIZATION: 'always' });
    assert.doesNotMatch(stdout, /^\w+: /m);
  });

  it('splits a stereo call by channel, with the names that are given', async () => {
    const args = ['transcribe', 'call.wav', '--channels', 'split'];
    const { stdout } = await output(args);
    assert.match(stdout, /^Left: We spent less .+\nRight: In theory/);
    assert.match(
      (await output([...args, '--names', 'Agent,Caller'])).stdout,
      /^Agent: .+\nCaller: /,
    );
    const mono = await whosaid(['transcribe', 'alice.wav', '--channels', 'split']);
    assert.equal(mono.code, 1);
    assert.match(mono.stderr, /two channels/);
  });

  describe('known voices', () => {
    it('name who they belong to, the others stay letters', async () => {
      const { stdout } = await output(['transcribe', two, '--known', 'Alice=alice.wav']);
      assert.match(stdout, /^Alice: We spent less .+\nA: In theory/);
      assert.deepEqual(new Set(stdout.match(/^\w+(?=: )/gm)), new Set(['Alice', 'A']));
    });

    it('are checked, stored, used by name, shown and forgotten', async () => {
      assert.match((await output(['voices', 'add', 'Alice', 'alice.wav'])).stdout, /Stored: Alice/);
      if (process.platform !== 'win32') {
        const mode = async (path: string) => (await stat(join(folder, 'data', path))).mode & 0o777;
        assert.deepEqual([await mode('voices'), await mode('voices/Alice.wav')], [0o700, 0o600]);
      }
      assert.match(
        (await output(['voices', 'list'])).stdout,
        /^Alice {2}\(since \d{4}-\d\d-\d\d\)\n$/,
      );
      const again = await whosaid(['voices', 'add', 'alice', 'alice.wav']);
      assert.equal(again.code, 1);
      assert.match(again.stderr, /stored already\. Add --replace/);
      const replaced = await output(['voices', 'add', 'Alice', 'alice.wav', '--replace'], {
        LOG_LEVEL: 'debug',
      });
      assert.match(replaced.stdout, /Stored: Alice/);
      assert.match(replaced.stderr, /Engine host stopped/);
      const { stdout } = await output(['transcribe', two, '--known', 'alice']);
      assert.match(stdout, /^Alice: We spent less .+\nA: In theory/);
      assert.equal((await output(['voices', 'remove', 'ALICE'])).stdout, 'Removed: Alice\n');
      const none = await output(['voices', 'list']);
      assert.equal(none.stdout, '');
      assert.match(none.stderr, /No voice is stored yet/);
    });

    const unusable = [
      ['short.wav', /0\.60? seconds long; expected 1\.2 to 10/],
      ['silent.wav', /seconds of speech; expected at least 0\.5/],
      ['both.wav', /2 voices are heard/],
      ['notes.wav', /cannot be used: \S+/],
      [two, /more than 10 seconds long/],
    ] as const;
    for (const [file, reason] of unusable)
      it(`are not stored from ${file === two ? 'a whole recording' : file}, with the reason`, async () => {
        const { code, stderr } = await whosaid(['voices', 'add', 'Bob', file]);
        assert.equal(code, 1);
        assert.match(stderr, /^whosaid: The voice of "Bob" \(.+\) cannot be used: /);
        assert.match(stderr, reason);
        assert.doesNotMatch(stderr, /known_speaker|^\s+at /m);
        assert.deepEqual(await readdir(join(folder, 'data', 'voices')).catch(() => []), []);
      });

    it('that cannot be used end the command before the first file', async () => {
      const { code, stdout, stderr } = await whosaid([
        'transcribe',
        two,
        two,
        '-k',
        'Bob=both.wav',
      ]);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.equal(stderr.match(/The voice of "Bob"/g)?.length, 1);
      assert.deepEqual(await readdir(tempDir), []);
    });
  });

  const refusals: readonly (readonly [string[], RegExp, Record<string, string>?])[] = [
    [['--num-speakers', '0'], /from 1 to 50/],
    [['--min-speakers', '3', '--max-speakers', '2'], /At least 3/],
    [['--known', 'nobody'], /No voice of "nobody" is stored; stored: none/],
    [['--known', 'a=not-there.wav'], /not-there\.wav cannot be opened/],
    [['--channels', 'split', '--num-speakers', '2'], /--num-speakers has nothing to say/],
    [['--diarize'], /ENABLE_SPEAKER_DIARIZATION is never/, { ENABLE_SPEAKER_DIARIZATION: 'never' }],
    [['-m', 'whisper-1-diarize'], /asks for speakers/, { ENABLE_SPEAKER_DIARIZATION: 'false' }],
  ];
  for (const [args, reason, env = {}] of refusals) {
    const shown = [...Object.values(env).map((mode) => `(${mode})`), ...args].join(' ');
    it(`refuses \`${shown}\` with code 1 and the reason`, async () => {
      const { code, stdout, stderr } = await whosaid(['transcribe', two, ...args], env);
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, reason);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });
  }
});
