import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Command } from 'commander';
import { decideSpeakers } from '#src/cli/decide-speakers.js';
import { UsageError } from '#src/cli/report-failure.js';
import { addSpeakerOptions, readSpeakerFlags, type SpeakerWishes } from '#src/cli/speaker-flags.js';
import type { ResponseFormat } from '#utils/formats/index.js';

/** Reads a command line as `whosaid transcribe` does. */
function read(...args: string[]): SpeakerWishes {
  const command = addSpeakerOptions(new Command().exitOverride());
  return readSpeakerFlags(command.parse(args, { from: 'user' }).opts());
}

describe('options about speakers', () => {
  it('ask for nothing when there are none', () => {
    assert.deepEqual(read(), { refused: false, known: [] });
  });

  const asking: readonly (readonly [string[], string])[] = [
    [['--diarize'], '--diarize'],
    [['-d'], '--diarize'],
    [['--num-speakers', '2'], '--num-speakers'],
    [['--min-speakers', '2'], '--min-speakers'],
    [['--max-speakers', '2'], '--max-speakers'],
    [['--known', 'alice'], '--known'],
    [['--channels', 'split'], '--channels split'],
  ];
  for (const [args, askedBy] of asking)
    it(`ask for speakers with ${args.join(' ')}`, () =>
      assert.equal(read(...args).askedBy, askedBy));

  it('do not with --channels mix and --no-diarize', () => {
    assert.equal(read('--channels', 'mix').askedBy, undefined);
    assert.deepEqual(read('--no-diarize'), { refused: true, known: [] });
  });

  it('give the number of speakers as limits, both equal where it is exact', () => {
    assert.deepEqual(read('--num-speakers', '3').count, { min: 3, max: 3 });
    assert.deepEqual(read('--min-speakers', '2', '--max-speakers', '5').count, { min: 2, max: 5 });
    assert.deepEqual(read('--num-speakers', '3', '--max-speakers', '5').count, { min: 3, max: 3 });
    assert.deepEqual(read('--max-speakers', '5').count, { max: 5 });
  });

  it('name known people by file or by stored voice, however many', () => {
    const args = ['alice=a=b.wav', 'bob', 'Zoë =z.ogg', 'dan=d', 'eve'].flatMap((each) => [
      '-k',
      each,
    ]);
    assert.deepEqual(read(...args).known, [
      { name: 'alice', path: 'a=b.wav' },
      { name: 'bob' },
      { name: 'Zoë', path: 'z.ogg' },
      { name: 'dan', path: 'd' },
      { name: 'eve' },
    ]);
  });

  it('name the channels, which have names of their own otherwise', () => {
    assert.deepEqual(read('--channels', 'Split').channels, {});
    assert.deepEqual(read('--channels', 'split', '--names', 'Agent, Caller').channels, {
      names: ['Agent', 'Caller'],
    });
  });

  const refusals: readonly (readonly [string[], RegExp])[] = [
    [['--num-speakers', 'two'], /--num-speakers is "two"; expected a whole number from 1 to 50/],
    [['--num-speakers', '0'], /from 1 to 50/],
    [['--max-speakers', '2.5'], /--max-speakers is "2.5"/],
    [['--min-speakers', '4', '--max-speakers', '2'], /At least 4 .* at most 2/],
    [['--num-speakers', '5', '--max-speakers', '3'], /5 is not what --max-speakers 3 allows/],
    [
      ['--num-speakers', '1', '--min-speakers', '2', '--max-speakers', '3'],
      /2 and --max-speakers 3/,
    ],
    [['--known', '=a.wav'], /expected name=file/],
    [['--known', 'a='], /expected name=file/],
    [['--known', 'a=1.wav', '--known', 'a=2.wav'], /Two speakers are called "a"/],
    [['--known', 'a\nb=1.wav'], /no name for a speaker/],
    [['--known', ''], /no name for a speaker/],
    [['--known', `${'x'.repeat(65)}=1.wav`], /1 to 64 characters/],
    [['--channels', 'left'], /expected split or mix/],
    [['--names', 'a,b'], /belongs to --channels split/],
    [['--channels', 'split', '--names', 'a'], /expected two names/],
    [['--channels', 'split', '--names', 'a,b,c'], /expected two names/],
    [['--channels', 'split', '--names', 'a,a'], /Two speakers are called "a"/],
    [['--channels', 'split', '--num-speakers', '2'], /--num-speakers has nothing to say/],
    [['--channels', 'split', '--known', 'a=a.wav'], /--names left,right/],
    [['--no-diarize', '--num-speakers', '2'], /--no-diarize says not to/],
  ];
  for (const [args, reason] of refusals)
    it(`are refused: ${JSON.stringify(args).slice(0, 70)}`, () => {
      assert.throws(() => read(...args), { name: 'UsageError', message: reason });
    });
});

describe('whether a transcript says who spoke', () => {
  const decide = (
    args: string[],
    {
      mode = 'auto' as 'auto' | 'always' | 'never',
      formats = ['text'] as ResponseFormat[],
      modelAsks = false,
    } = {},
  ) => decideSpeakers({ wishes: read(...args), formats, modelAsks, mode });

  it('is no unless something asks for it', () => assert.equal(decide([]), 'nobody'));

  it('is yes by option, by format, by model id and by setting', () => {
    assert.equal(decide(['--diarize']), 'voices');
    assert.equal(decide([], { formats: ['srt', 'diarized_json'] }), 'voices');
    assert.equal(decide([], { modelAsks: true }), 'voices');
    assert.equal(decide([], { mode: 'always' }), 'voices');
  });

  it('goes by channels with --channels split, whatever else asks', () => {
    assert.equal(decide(['--channels', 'split', '--diarize']), 'channels');
    assert.equal(decide(['--channels', 'split'], { mode: 'always' }), 'channels');
    assert.equal(decide(['--channels', 'split'], { formats: ['diarized_json'] }), 'channels');
  });

  it('is no with --no-diarize, whatever the setting and the model id say', () => {
    assert.equal(decide(['--no-diarize'], { mode: 'always', modelAsks: true }), 'nobody');
  });

  it('is refused, never passed over, where the settings give no labels', () => {
    const never = { mode: 'never' as const };
    for (const ask of [
      () => decide(['--diarize'], never),
      () => decide(['--known', 'a=a.wav'], never),
      () => decide(['--channels', 'split'], never),
      () => decide([], { ...never, formats: ['diarized_json'] }),
      () => decide([], { ...never, modelAsks: true }),
    ])
      assert.throws(ask, { name: 'UsageError', message: /ENABLE_SPEAKER_DIARIZATION=auto/ });
    assert.equal(decide([], never), 'nobody');
  });

  it('is refused for diarized_json with --no-diarize', () => {
    assert.throws(() => decide(['--no-diarize'], { formats: ['diarized_json'] }), UsageError);
  });
});
