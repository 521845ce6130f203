import multer from 'multer';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** What busboy says about bodies that are not well-formed; it throws plain errors. */
const MALFORMED_MULTIPART = new Set([
  'Unexpected end of form',
  'Unexpected end of file',
  'Malformed part header',
  'Multipart: Boundary not found',
  'Malformed content type',
]);
/** A file of jobs that is being purged is busy for seconds; a disk that fails is looked after by somebody. */
const STORE_RETRY_SECONDS = 10;
const CONNECTION_ENDED = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Turns whatever a handler threw into an error from the catalogue; what nobody foresaw is an `internal_error`. */
export function toCatalogued(thrown: unknown): WhosaidError {
  if (thrown instanceof WhosaidError) return thrown;
  if (thrown instanceof multer.MulterError) return fromMulter(thrown);
  if (!(thrown instanceof Error)) return WhosaidError.from(thrown);
  const { code, status } = thrown as NodeJS.ErrnoException & { status?: number };
  if (MALFORMED_MULTIPART.has(thrown.message)) {
    return new WhosaidError('multipart_malformed', { reason: thrown.message }, { cause: thrown });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    return new WhosaidError('storage_full', {}, { cause: thrown });
  }
  if (/^SQLITE_/.test(code ?? '')) {
    return new WhosaidError(
      'jobs_unavailable',
      { seconds: STORE_RETRY_SECONDS },
      { cause: thrown },
    );
  }
  if (CONNECTION_ENDED.has(code ?? '') || /^Request (aborted|closed)$/.test(thrown.message)) {
    return new WhosaidError('upload_aborted', {}, { cause: thrown });
  }
  // The router throws this for a path such as `/v1/models/%ff`.
  if (thrown instanceof URIError || (status === 400 && /decode param/.test(thrown.message))) {
    return new WhosaidError('url_malformed', {}, { cause: thrown });
  }
  return WhosaidError.from(thrown);
}

function fromMulter(error: multer.MulterError): WhosaidError {
  const reasons: Record<string, string> = {
    LIMIT_FIELD_VALUE: 'the value of a field is longer than 16 MB',
    LIMIT_FIELD_KEY: 'the name of a field is too long',
    LIMIT_FIELD_COUNT: 'it has too many fields',
    LIMIT_PART_COUNT: 'it has too many parts',
    LIMIT_FIELD_NESTING: 'the name of a field is nested too deeply',
    LIMIT_FIELD_ARRAY_INDEX: 'the name of a field holds too large an index',
    MISSING_FIELD_NAME: 'a part has no name',
    INVALID_FIELD_NAME: 'the name of a field is not valid',
  };
  const reason = reasons[error.code];
  if (reason === undefined) return WhosaidError.from(error);
  return new WhosaidError('multipart_malformed', { reason }, { cause: error });
}
