import { type ErrorEntry, type ErrorKey, errorCatalogue } from '#utils/errors/catalogue.js';
import { refTo, type SchemaName } from './components.js';
import type { ResponseObject } from './types.js';

/** What no described request is answered with: what is no request, paths that are not there, and the command line's. */
const ELSEWHERE: readonly ErrorKey[] = [
  'route_not_found',
  'method_not_allowed',
  'url_malformed',
  'request_malformed',
  'request_headers_too_large',
  'model_catalogue_invalid',
  // In a realtime session, and before one.
  'realtime_json_invalid',
  'realtime_event_invalid',
  'realtime_buffer_empty',
  'realtime_session_expired',
  'realtime_session_idle',
  'realtime_full',
  'realtime_client_full',
  'websocket_needed',
  'websocket_handshake_invalid',
  'client_secret_wrong',
];

/** What single operations say; those name it. */
const OF_SINGLE_OPERATIONS: readonly ErrorKey[] = [
  'audio_file_missing',
  'language_detection_unsupported',
  'model_loading_unsupported',
  'not_ready',
  'job_unknown',
  'job_unfinished',
  'job_cancelled',
  'job_finished',
  'job_abandoned',
  'job_without_speakers',
  'jobs_full',
  'jobs_unavailable',
  'batch_unknown',
  'batch_empty',
  'cursor_unknown',
  'idempotency_conflict',
  'file_and_url',
  'url_disabled',
  'url_forbidden',
  'url_unreachable',
  'model_family_missing',
  'admin_keys_unset',
  'admin_key_needed',
  'body_not_json',
  'model_unknown',
  'model_by_hand',
  'model_download_failed',
  'model_file_wrong',
  'model_storage_failed',
  'model_pins_unusable',
  'realtime_parameter_unknown',
  'client_secret_too_long',
];

/** What may be said to anybody before a request is looked at. */
const ACCESS: readonly ErrorKey[] = [
  'api_key_missing',
  'api_key_wrong',
  'origin_forbidden',
  'host_forbidden',
  'rate_limit_exceeded',
  'internal_error',
];

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is wrong',
  401: 'No key, or a wrong one',
  403: 'Not from this page, or not under this name',
  404: 'It is not there',
  408: 'The upload stopped arriving',
  409: 'The same key as for another request',
  413: 'Too large',
  429: 'Too many requests',
  499: 'The client left; nobody sees this',
  500: 'The fault of the server',
  503: 'The server cannot do it now',
  507: 'The disk is full',
};

/**
 * All that a request with a recording may be answered with: whatever the catalogue has but for what is elsewhere, and
 * what this operation alone says.
 */
export function uploadErrors({
  schema = 'Error',
  own = [],
}: {
  schema?: SchemaName;
  own?: readonly ErrorKey[];
} = {}): Record<string, ResponseObject> {
  const others = [...ELSEWHERE, ...OF_SINGLE_OPERATIONS].filter((key) => !own.includes(key));
  const keys = Object.keys(errorCatalogue) as ErrorKey[];
  return errorResponses(
    keys.filter((key) => !others.includes(key)),
    schema,
  );
}

/** What a request without a body may be answered with, and `further` errors. */
export function readErrors(
  further: readonly ErrorKey[] = [],
  schema: SchemaName = 'Error',
): Record<string, ResponseObject> {
  return errorResponses([...ACCESS, ...further], schema);
}

function errorResponses(
  keys: readonly ErrorKey[],
  schema: SchemaName,
): Record<string, ResponseObject> {
  const statuses = [...new Set(keys.map((key) => errorCatalogue[key].status))].toSorted();
  return Object.fromEntries(
    statuses.map((status) => {
      const found = keys.filter((key) => errorCatalogue[key].status === status);
      return [String(status), errorResponse(status, found, schema)];
    }),
  );
}

function errorResponse(
  status: number,
  keys: readonly ErrorKey[],
  schema: SchemaName,
): ResponseObject {
  const entries: ErrorEntry[] = keys.map((key) => errorCatalogue[key]);
  const codes = [...new Set(entries.map(({ code }) => code))].map((code) => `\`${code}\``);
  const isRetried = [429, 503].includes(status);
  return {
    description: `${TITLES[status] ?? 'An error'}: \`code\` is ${codes.join(', ')}.`,
    ...(isRetried && {
      headers: {
        'Retry-After': {
          description: 'Seconds after which to try again, where the server knows.',
          schema: { type: 'integer' },
        },
      },
    }),
    content: { 'application/json': { schema: refTo(schema) } },
  };
}
