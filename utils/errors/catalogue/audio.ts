import type { ErrorEntry } from './entry.js';

/** What is in a recording. */
export const audioErrors = {
  audio_not_opened: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    param: 'file',
    retryable: false,
    text: 'The file cannot be opened ({reason}). Expected the path of a readable, regular file.',
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
} as const satisfies Record<string, ErrorEntry>;
