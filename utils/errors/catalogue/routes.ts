import type { ErrorEntry } from './entry.js';

/** Addresses and methods, and what nobody foresaw. */
export const routeErrors = {
  route_not_found: {
    status: 404,
    type: 'invalid_request_error',
    code: 'route_not_found',
    param: null,
    retryable: false,
    text: 'Unknown request URL: {method} {path}. GET / lists what this server offers; an OpenAI base URL ends in /v1.',
  },
  method_not_allowed: {
    status: 405,
    type: 'invalid_request_error',
    code: 'method_not_allowed',
    param: null,
    retryable: false,
    text: '{method} is not allowed on {path}. Allowed: {allowed}.',
  },
  url_malformed: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_url',
    param: null,
    retryable: false,
    text: 'The request URL could not be decoded. Percent-encode it as UTF-8.',
  },
  internal_error: {
    status: 500,
    type: 'server_error',
    code: 'internal_error',
    param: null,
    retryable: true,
    text: 'The server had an error while processing your request. The request id helps the operator to find it in the logs.',
  },
} as const satisfies Record<string, ErrorEntry>;
