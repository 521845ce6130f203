import { refTo } from '../components.js';
import { uploadErrors } from '../error-responses.js';
import { asrExamples, detectLanguageExamples, inferenceExamples } from '../examples.js';
import { asrForm, asrQuery, detectLanguageQuery, inferenceForm } from '../fields/adapters.js';
import { formOperation } from '../form-operation.js';
import type { MediaType, Operation } from '../types.js';

const text: MediaType = { schema: { type: 'string' } };
const TAG = 'Adapters';

/** `POST /asr` of whisper-asr-webservice. */
export const asr: Operation = formOperation({
  operationId: 'asr',
  tag: TAG,
  summary: 'Transcribe for clients of whisper-asr-webservice',
  description: 'Bazarr and others speak this. See docs/adapters.md.',
  path: '/asr',
  form: asrForm,
  query: asrQuery,
  examples: asrExamples,
  responses: {
    200: {
      description: 'The transcript as `output` says, always as plain text: `json` too.',
      content: { 'text/plain': { ...text, 'x-content-schema': refTo('AsrTranscript') } },
    },
    ...uploadErrors({ schema: 'AdapterError', own: ['audio_file_missing'] }),
  },
});

/** `POST /detect-language` of whisper-asr-webservice. */
export const detectLanguage: Operation = formOperation({
  operationId: 'detectLanguage',
  tag: TAG,
  summary: 'Tell the language of the first 30 seconds',
  description:
    'Needs a model that tells languages apart, of the Whisper family: `./bin/whosaid models pull whisper-base`.',
  path: '/detect-language',
  form: asrForm,
  query: detectLanguageQuery,
  examples: detectLanguageExamples,
  responses: {
    200: {
      description: 'The language.',
      content: { 'application/json': { schema: refTo('DetectedLanguage') } },
    },
    ...uploadErrors({
      schema: 'AdapterError',
      own: ['audio_file_missing', 'language_detection_unsupported'],
    }),
  },
});

/** `POST /inference` of whisper.cpp's server. */
export const inference: Operation = formOperation({
  operationId: 'inference',
  tag: TAG,
  summary: "Transcribe for clients of whisper.cpp's server",
  description: 'See docs/adapters.md.',
  path: '/inference',
  form: inferenceForm,
  examples: inferenceExamples,
  responses: {
    200: {
      description: 'The transcript as `response_format` says.',
      content: {
        'application/json': {
          schema: { anyOf: [refTo('WhisperCppTranscription'), refTo('WhisperCppVerbose')] },
        },
        'text/plain': text,
        'application/x-subrip': text,
        'text/vtt': text,
      },
    },
    ...uploadErrors({ schema: 'AdapterError' }),
  },
});
