import { assertRefused, type Expected } from './expect.js';
import { type Feature, transcribe } from './feature.js';

const refused = (title: string, expected: Expected, call: Feature['call']): Feature => ({
  group: 'Errors',
  title,
  call,
  check: (outcome, context) => assertRefused(outcome, expected, context),
});

export const errors = {
  badFile: refused(
    '400: a file that is no recording',
    { status: 400, code: 'invalid_value', param: 'file', message: /Invalid file format|corrupt/ },
    (bench) => transcribe(bench, { recording: { path: bench.recordings.noAudio, as: 'bytes' } }),
  ),
  badField: refused(
    '400: a field that is wrong',
    { status: 400, code: 'invalid_value', param: 'temperature', message: /0 to 1/ },
    (bench) => transcribe(bench, { fields: { temperature: 1.5 } }),
  ),
  wrongKey: refused(
    '401: a wrong key',
    { status: 401, code: 'invalid_api_key', message: /Incorrect API key provided/ },
    (bench) => transcribe(bench, { apiKey: bench.keys.wrong }),
  ),
  noModel: refused(
    '404: a model that does not exist',
    { status: 404, code: 'model_not_found', param: 'model', message: /nobody\/nothing/ },
    (bench) => transcribe(bench, { fields: { model: 'nobody/nothing' } }),
  ),
  tooLarge: refused(
    '413: an upload that is too large',
    { status: 413, code: 'upload_too_large', param: 'file', message: /Maximum content size/ },
    (bench) => transcribe(bench, { recording: { path: bench.recordings.tooLarge, as: 'bytes' } }),
  ),
  rateLimit: refused(
    '429: too many requests',
    { status: 429, code: 'rate_limit_exceeded', message: /Rate limit reached/ },
    (bench) => transcribe(bench, { apiKey: bench.keys.spent }),
  ),
  busy: refused(
    '503: a server that is busy',
    { status: 503, code: 'server_busy', message: /busy/ },
    (bench, client) =>
      transcribe(bench, { baseUrl: `${bench.proxy.lane('503-always', client)}/v1` }),
  ),
} as const satisfies Record<string, Feature>;
