import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { outputPaths } from '#src/cli/output-paths.js';
import { createProgress, formatDuration, formatMegabytes } from '#src/cli/progress.js';
import { explain, UsageError } from '#src/cli/report-failure.js';
import { welcome } from '#src/cli/welcome.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

describe('output files', () => {
  const namesFor = (
    files: string[],
    formats: ('srt' | 'json' | 'verbose_json' | 'diarized_json')[],
  ) =>
    outputPaths({ files, formats, outputDir: 'out' }).map((paths) =>
      [...paths.values()].map((path) => path.replaceAll('\\', '/')),
    );

  it('have the name of the input and the extension of the format', () => {
    assert.deepEqual(
      namesFor(['a/talk.v2.mp3'], ['srt', 'json', 'verbose_json', 'diarized_json']),
      [
        [
          'out/talk.v2.srt',
          'out/talk.v2.json',
          'out/talk.v2.verbose.json',
          'out/talk.v2.diarized.json',
        ],
      ],
    );
  });

  it('get numbers where inputs have the same name, so that none overwrites another', () => {
    assert.deepEqual(namesFor(['a/talk.mp3', 'b/talk.wav', 'c/Talk.ogg', 'talk-2.wav'], ['srt']), [
      ['out/talk.srt'],
      ['out/talk-2.srt'],
      ['out/Talk-3.srt'],
      ['out/talk-2-2.srt'],
    ]);
  });
});

describe('progress', () => {
  const capture = (isTTY: boolean) => {
    const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;
    const read = () => String((stream as unknown as PassThrough).read() ?? '');
    return { stream, read };
  };

  it('is a line every so often where there is no terminal', async () => {
    const { stream, read } = capture(false);
    const progress = createProgress({
      label: 'models',
      format: formatMegabytes,
      stream,
      lineEveryMs: 20,
    });
    progress.update({ done: 1e6, total: 4e6 });
    assert.equal(read(), '');
    await new Promise((resolve) => setTimeout(resolve, 30));
    progress.update({ done: 2e6, total: 4e6 });
    progress.update({ done: 3e6, total: 4e6 });
    progress.stop();
    assert.match(read(), /^models: 2\.0 MB of 4\.0 MB, \d:\d\d left\n$/);
  });

  it('shows no remaining time while the length is not known', async () => {
    const { stream, read } = capture(false);
    const note = (done: number): string => `${done}x`;
    const progress = createProgress({
      label: 'a',
      format: formatDuration,
      note,
      stream,
      lineEveryMs: 0,
    });
    progress.update({ done: 65 });
    assert.equal(read(), 'a: 1:05, 65x\n');
  });

  it('writes durations as people do', () => {
    assert.deepEqual([0, 7.4, 65, 754, 3723, 90_000].map(formatDuration), [
      '0:00',
      '0:07',
      '1:05',
      '12:34',
      '1:02:03',
      '25:00:00',
    ]);
  });
});

describe('explanations of failures', () => {
  it('are the message alone where it was written for people', () => {
    assert.equal(explain(new UsageError('Add --output-dir.')), 'Add --output-dir.');
    assert.doesNotMatch(explain(new WhosaidError('audio_empty')), /\n/);
  });

  it('keep the trace of what nobody foresaw', () => {
    assert.match(explain(new TypeError('x is not a function')), /x is not a function\n\s+at /);
    const cause = new RangeError('deep down');
    assert.match(explain(new WhosaidError('internal_error', {}, { cause })), /deep down\n\s+at /);
  });
});

describe('welcome', () => {
  it('names the address in every snippet', () => {
    const text = welcome('http://127.0.0.1:8123');
    assert.match(
      text,
      /curl http:\/\/127\.0\.0\.1:8123\/v1\/audio\/transcriptions -F file=@\S+\.flac/,
    );
    assert.match(text, /baseURL: 'http:\/\/127\.0\.0\.1:8123\/v1'/);
    assert.doesNotMatch(text, /WARNING|API_KEY/);
  });

  it('warns who serves everybody on the network', () => {
    assert.match(
      welcome('http://localhost:8000', { isExposed: true }),
      /WARNING: anybody .*API_KEYS/s,
    );
  });

  it('shows where a key goes when one is needed, and no key', () => {
    const text = welcome('http://localhost:8000', { needsKey: true });
    assert.match(text, /curl \S+ -H "Authorization: Bearer \$API_KEY" -F/);
    assert.match(text, /apiKey: process\.env\.API_KEY/);
  });
});
