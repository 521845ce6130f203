import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { CorpusRun } from './run-corpus.js';

const MOST_SECONDS = 30;
const MOST_GROWTH_BYTES = 200e6;

/** What must be true of any gateway that was sent hostile files, however many. `run` is asked when tests run. */
export function assertUnharmed(run: () => CorpusRun): void {
  it('answers each with a transcript, or with an error of the client in the shape of OpenAI', () => {
    assert.deepEqual(run().answers.wrong, []);
  });

  it('answers each within thirty seconds', () => {
    const { seconds, what } = run().answers.slowest;
    assert.ok(seconds < MOST_SECONDS, `${seconds} s for ${what}`);
  });

  it('neither crashes nor loses an engine', () => {
    const { gatewayLives, enginesLive } = run();
    assert.deepEqual({ gatewayLives, enginesLive }, { gatewayLives: true, enginesLive: true });
  });

  it('leaves no file and no decoding process', () => {
    const { filesLeft, decodersLeft } = run();
    assert.deepEqual({ filesLeft, decodersLeft }, { filesLeft: [], decodersLeft: 0 });
  });

  it('keeps its memory', () => {
    const { beginBytes, peakBytes } = run().memory;
    assert.ok(peakBytes - beginBytes < MOST_GROWTH_BYTES, `${beginBytes} to ${peakBytes} bytes`);
  });

  it('opens no other file and no address for any of them', () => {
    const { wasRead = false, calls } = run().canary;
    assert.deepEqual({ wasRead, calls }, { wasRead: false, calls: 0 });
  });

  it('transcribes the next recording', () => {
    const { status, body } = run().afterwards;
    assert.equal(status, 200, body);
    assert.match(JSON.parse(body).text, /travel/);
  });
}

/** How many files were sent, what came back, and what it cost; a line for each answer. */
export function reportOf({ answers, memory }: CorpusRun): string {
  const { files, counts, slowest, seconds } = answers;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const each = Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([code, count]) => `  ${count} × ${code}`);
  return [
    `${files} hostile files in ${seconds.toFixed(0)} s; slowest ${slowest.seconds.toFixed(1)} s (${slowest.what}); ` +
      `memory of the gateway ${megabytes(memory.beginBytes)} at first, ${megabytes(memory.peakBytes)} at most`,
    ...each,
  ].join('\n');
}
