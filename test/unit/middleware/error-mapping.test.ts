import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import multer from 'multer';
import { toCatalogued } from '#src/middleware/error-mapping.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const withCode = (code: string) => Object.assign(new Error('from the system'), { code });

describe('what handlers throw', () => {
  for (const [key, thrown] of [
    ['storage_full', withCode('ENOSPC')],
    ['storage_full', withCode('EDQUOT')],
    ['storage_full', withCode('SQLITE_FULL')],
    ['jobs_unavailable', withCode('SQLITE_BUSY')],
    ['jobs_unavailable', withCode('SQLITE_IOERR')],
    ['upload_aborted', withCode('ECONNRESET')],
    ['upload_aborted', new Error('Request aborted')],
    ['multipart_malformed', new Error('Unexpected end of form')],
    ['multipart_malformed', new multer.MulterError('LIMIT_FIELD_COUNT')],
    ['url_malformed', new URIError('URI malformed')],
    ['internal_error', withCode('EIO')],
    ['internal_error', new TypeError('x is undefined')],
    ['internal_error', 'a string'],
  ] as const) {
    it(`becomes ${key}: ${thrown}`, () => {
      const error = toCatalogued(thrown);
      assert.equal(error.key, key);
      assert.equal(error.cause, thrown);
      assert.doesNotMatch(error.message, /from the system|x is undefined|a string/);
    });
  }

  it('stays what it is when it is from the catalogue', () => {
    const error = new WhosaidError('model_missing');
    assert.equal(toCatalogued(error), error);
  });
});
