/**
 * Every error a user can meet: one stable key, OpenAI's `type`, `code` and `param`, the HTTP status, whether a retry
 * can help, and the sentence. `{name}` in a sentence is filled from the error's parameters.
 */
type Entry = {
  readonly status: number;
  readonly type:
    | 'invalid_request_error'
    | 'server_error'
    | 'rate_limit_error'
    | 'authentication_error';
  /** OpenAI's `error.code`. */
  readonly code: string | null;
  /** OpenAI's `error.param`: the field at fault. `{param}` in entries that serve several fields. */
  readonly param: string | null;
  readonly retryable: boolean;
  readonly text: string;
};

export const errorCatalogue = {
  file_missing: {
    status: 400,
    type: 'invalid_request_error',
    code: 'missing_required_parameter',
    param: 'file',
    retryable: false,
    text: "Missing required parameter: 'file'. Send the audio as a multipart/form-data part named 'file'.",
  },
  body_not_multipart: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_content_type',
    param: null,
    retryable: false,
    text: "Expected a multipart/form-data body with the parts 'file' and 'model', received {received}.",
  },
  multipart_malformed: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_multipart',
    param: null,
    retryable: false,
    text: 'The multipart/form-data body could not be read: {reason}. Check the boundary and that the whole body was sent.',
  },
  upload_too_large: {
    status: 413,
    type: 'invalid_request_error',
    code: 'upload_too_large',
    param: 'file',
    retryable: false,
    text: 'Maximum content size limit ({limit}) exceeded ({received} bytes read). Send a smaller file, or raise MAX_UPLOAD_BYTES.',
  },
  upload_aborted: {
    status: 400,
    type: 'invalid_request_error',
    code: 'upload_aborted',
    param: null,
    retryable: true,
    text: 'The connection ended before the whole upload had arrived. Send it again.',
  },
  client_closed: {
    status: 499,
    type: 'invalid_request_error',
    code: 'client_closed',
    param: null,
    retryable: false,
    text: 'The client closed the connection before the answer was ready; the work was stopped.',
  },
  storage_full: {
    status: 507,
    type: 'server_error',
    code: 'storage_full',
    param: null,
    retryable: false,
    text: 'The server has no room left for this upload in its temporary folder. Free some space there, or point TEMP_DIR at a larger disk.',
  },
  file_repeated: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'file',
    retryable: false,
    text: "Expected one part named 'file', received several. Send one request per recording.",
  },
  audio_no_stream: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'file',
    retryable: false,
    text: 'The file holds no audio stream. Send a file with at least one audio track.',
  },
  audio_unreadable: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'file',
    retryable: false,
    text: "Invalid file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm'] and whatever else FFmpeg reads.",
  },
  audio_corrupt: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'file',
    retryable: false,
    text: 'Audio file might be corrupted or unsupported: {reason}',
  },
  audio_empty: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'file',
    retryable: false,
    text: 'The file is empty (0 bytes). Send a file with audio in it.',
  },
  audio_too_short: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'file',
    retryable: false,
    text: 'Audio duration {seconds} seconds is shorter than the minimum of {minimum} seconds.',
  },
  audio_too_long: {
    status: 413,
    type: 'invalid_request_error',
    code: 'audio_too_long',
    param: 'file',
    retryable: false,
    text: 'The audio is longer than the limit of {limit} seconds. Send a shorter recording, or raise MAX_AUDIO_SECONDS.',
  },
  model_missing: {
    status: 400,
    type: 'invalid_request_error',
    code: 'missing_required_parameter',
    param: 'model',
    retryable: false,
    text: "Missing required parameter: 'model'. Send for example model=whisper-1; GET /v1/models lists what this server answers to.",
  },
  response_format_unsupported: {
    status: 400,
    type: 'invalid_request_error',
    code: 'unsupported_value',
    param: 'response_format',
    retryable: false,
    text: "Unsupported value: 'response_format' is '{received}'. Supported values are: {supported}.",
  },
  granularity_unsupported: {
    status: 400,
    type: 'invalid_request_error',
    code: 'unsupported_value',
    param: 'timestamp_granularities',
    retryable: false,
    text: "Unsupported value: 'timestamp_granularities[]' holds '{received}'. Supported values are: 'word', 'segment'.",
  },
  granularity_needs_verbose_json: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'timestamp_granularities',
    retryable: false,
    text: "Word times ('timestamp_granularities[]' with 'word') exist only in verbose_json, and 'response_format' is '{received}'. Set response_format=verbose_json, or leave the granularity out.",
  },
  language_unknown: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'language',
    retryable: false,
    text: "Invalid value: 'language' is '{received}'. Expected an ISO 639-1 code such as 'en', an English language name such as 'english', or 'auto'.",
  },
  language_unsupported: {
    status: 400,
    type: 'invalid_request_error',
    code: 'unsupported_value',
    param: 'language',
    retryable: false,
    text: "The model '{model}' does not know {language}; it knows {known}. {remedy}",
  },
  stream_unsupported: {
    status: 400,
    type: 'invalid_request_error',
    code: 'unsupported_value',
    param: 'stream',
    retryable: false,
    text: "This version of the server cannot stream transcriptions yet. Leave 'stream' out, or set it to false.",
  },
  speakers_unsupported: {
    status: 400,
    type: 'invalid_request_error',
    code: 'unsupported_value',
    param: '{param}',
    retryable: false,
    text: "This version of the server has no speaker labels yet, so '{param}' cannot be '{received}'. Leave it out or choose a value without speakers to get the text alone.",
  },
  field_invalid: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: '{param}',
    retryable: false,
    text: "Invalid value for '{param}': expected {expected}, received {received}.",
  },
  model_not_found: {
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    param: 'model',
    retryable: false,
    text: "The model '{model}' does not exist on this server. GET /v1/models lists what does; './bin/whosaid models list' shows what can be fetched, './bin/whosaid models pull <id>' fetches it.",
  },
  decoder_lost: {
    status: 500,
    type: 'server_error',
    code: 'decoder_lost',
    param: null,
    retryable: true,
    text: 'The audio decoder ended unexpectedly ({reason}). Try again; if it happens again the file may be damaged.',
  },
  engine_lost: {
    status: 503,
    type: 'server_error',
    code: 'engine_lost',
    param: null,
    retryable: true,
    text: 'The recognition engine ended unexpectedly while it worked on this request. Try again.',
  },
  engine_failed: {
    status: 500,
    type: 'server_error',
    code: 'engine_failed',
    param: null,
    retryable: false,
    text: 'The recognition engine could not process this audio: {reason}',
  },
  engine_unavailable: {
    status: 503,
    type: 'server_error',
    code: 'engine_unavailable',
    param: null,
    retryable: true,
    text: 'No recognition engine is running: {reason}',
  },
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
} as const satisfies Record<string, Entry>;

export type ErrorKey = keyof typeof errorCatalogue;
export type ErrorEntry = Entry;
