import type { ErrorEntry } from './entry.js';

/** Processes that decode and recognise. */
export const engineErrors = {
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
    text: 'The engine ended unexpectedly while it worked on this request. Try again.',
  },
  engine_crashed: {
    status: 500,
    type: 'server_error',
    code: 'engine_crashed',
    param: null,
    retryable: false,
    text: 'Two engine processes in a row ended while they worked on this recording ({reason}), so the recording is the likely reason. Other requests are not affected. Converting the file, to 16 kHz mono WAV for example, may help.',
  },
  engine_failed: {
    status: 500,
    type: 'server_error',
    code: 'engine_failed',
    param: null,
    retryable: false,
    text: 'The engine could not process this audio: {reason}',
  },
  engine_unavailable: {
    status: 503,
    type: 'server_error',
    code: 'engine_unavailable',
    param: null,
    retryable: true,
    text: 'The engine for this is not running: {reason}',
  },
} as const satisfies Record<string, ErrorEntry>;
