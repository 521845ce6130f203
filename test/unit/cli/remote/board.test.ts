import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { createBoard } from '#src/cli/remote/board.js';
import { until } from '../../../support/start-server.js';

/** What a terminal, or a file, is sent. */
function screen(isTTY: boolean) {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const terminal = Object.assign(stream, { isTTY, columns: 100, rows: 30 });
  return { stream: terminal as unknown as NodeJS.WriteStream, text: () => text };
}

describe('the progress of several recordings', () => {
  it('is a bar for each on a terminal, and one for all, with lines that stay above them', async () => {
    const { stream, text } = screen(true);
    const board = createBoard({ stream });
    const first = board.begin('a.mp3');
    const second = board.begin(`${'folder/'.repeat(10)}b.mp3`);
    board.total(1, 3);
    first.update({ share: 0.5, text: '50 %' });
    second.update({ share: 0, text: 'waits, number 2' });
    const drawn = [/all +.*1 of 3/, /a\.mp3 +[^\n]*50 %/, /…[^\n]*b\.mp3 [^\n]*waits, number 2/];
    await until(() => drawn.every((pattern) => pattern.test(text())), 'a bar is missing');
    first.end();
    first.end();
    first.update({ share: 1, text: 'late' });
    board.say('a.mp3: 1:00 in 2.0 s');
    board.stop();
    board.stop();
    assert.match(text(), /a\.mp3: 1:00 in 2\.0 s/);
    assert.doesNotMatch(text(), /late/);
  });

  it('is a line now and then where there is no terminal', () => {
    const { stream, text } = screen(false);
    const now = createBoard({ stream, lineEveryMs: 0 });
    now.total(1, 3);
    const row = now.begin('a.mp3');
    row.update({ share: 0.5, text: '50 %' });
    const later = createBoard({ stream, lineEveryMs: 600_000 });
    later.begin('b.mp3').update({ share: 0.5, text: '50 %' });
    later.say('b.mp3: done');
    row.end();
    now.stop();
    assert.equal(text(), 'a.mp3: 50 %, 1 of 3 files done\nb.mp3: done\n');
  });
});
