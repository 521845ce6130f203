import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StartPause } from '#services/model-manager/hosts/start-pause.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

it('pauses after failures to start grow up to a limit, and say what the failure was', () => {
  const pause = new StartPause({ pauseMs: 100_000, maxPauseMs: 300_000 });
  assert.equal(pause.error, undefined);
  const seconds = [1, 2, 3, 4].map(() => {
    pause.fail(new WhosaidError('engine_unavailable', { reason: 'it is upside down' }));
    assert.match(pause.error?.message ?? '', /upside down/);
    return pause.error?.params.seconds;
  });
  assert.deepEqual(seconds, [100, 200, 300, 300]);
});
