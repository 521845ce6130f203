/**
 * Every error a user can meet: one stable key, OpenAI's `type`, `code` and `param`, the HTTP status, whether a retry
 * can help, and the sentence. `{name}` in a sentence is filled from the error's parameters.
 */
type Entry = {
  readonly status: number;
  readonly type: 'invalid_request_error' | 'server_error' | 'rate_limit_error' | 'authentication_error';
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
