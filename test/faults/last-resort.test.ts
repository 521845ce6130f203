import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const MODULE = fileURLToPath(new URL('../support/child-with-last-resort.js', import.meta.url));

describe('an error that nobody catches', { timeout: 30_000 }, () => {
  let child: ChildProcess;
  let exited: Promise<unknown[]>;
  let log: string;
  beforeEach(async () => {
    log = '';
    child = fork(MODULE, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        log += text;
      });
    }
    exited = once(child, 'exit');
    await once(child, 'message');
  });
  afterEach(() => child.kill('SIGKILL'));

  const lives = async (): Promise<boolean> => {
    child.send('ping');
    const answer = await Promise.race([once(child, 'message'), exited]);
    return answer[0] === 'pong';
  };

  for (const [kind, message] of [
    ['exception', 'throw'],
    ['rejection', 'reject'],
    ['rejection', 'reject-text'],
  ] as const) {
    it(`does not end the process, and is logged without what it says (${message})`, async () => {
      child.send(message);
      assert.ok(await lives());
      assert.ok(await lives());
      const [line = '', ...more] = log.trim().split('\n');
      assert.deepEqual(more, []);
      const { message: said, kind: logged, error, level } = JSON.parse(line);
      assert.deepEqual([level, said, logged], ['error', 'An error that nobody caught', kind]);
      assert.equal(error.name, 'Error');
      assert.ok(error.stack.length > 0);
      assert.doesNotMatch(log, /somebody said/);
    });
  }

  it('is borne ten times a minute; the eleventh ends the process in order', async () => {
    for (let thrown = 0; thrown < 10; thrown += 1) {
      child.send(thrown % 2 === 0 ? 'throw' : 'reject');
      assert.ok(await lives(), `ended after ${thrown + 1}`);
    }
    child.send('throw');
    const [code] = await exited;
    assert.equal(code, 1);
    assert.match(log, /Too many errors that nobody caught/);
  });
});
