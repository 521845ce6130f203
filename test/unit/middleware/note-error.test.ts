import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { noteError } from '#src/middleware/note-error.js';
import type { RequestContext } from '#src/middleware/request-context.js';
import type { ErrorKey } from '#utils/errors/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';

const failures: ErrorKey[] = [
  'internal_error',
  'engine_crashed',
  'engine_lost',
  'engine_unavailable',
  'storage_full',
];
const answers: ErrorKey[] = [
  'server_busy',
  'queue_timeout',
  'uploads_full',
  'server_stopping',
  'not_ready',
  'engine_unavailable',
  'client_closed',
  'rate_limit_exceeded',
  'file_missing',
];

describe('an error that is answered', () => {
  for (const [keys, params, isLogged] of [
    [failures, {}, true],
    [answers, { seconds: 1 }, false],
  ] as const) {
    for (const key of keys) {
      it(`${isLogged ? 'is an error' : 'is none'} in the log: ${key}`, () => {
        let errors = 0;
        const error = (): void => {
          errors += 1;
        };
        const logger = { ...silentLogger, error };
        const context: RequestContext = {
          requestId: 'req_1',
          logger,
          addHeader: () => {},
          startedMs: 0,
        };
        noteError(new WhosaidError(key, params), context);
        assert.equal(errors, isLogged ? 1 : 0);
        assert.equal(context.errorKey, key);
      });
    }
  }
});
