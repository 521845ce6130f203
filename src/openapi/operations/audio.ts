import { refTo } from '../components.js';
import { uploadErrors } from '../error-responses.js';
import { transcriptionExamples, translationExamples } from '../examples.js';
import { transcriptionRequest, translationRequest } from '../fields/transcription.js';
import { formOperation } from '../form-operation.js';
import type { MediaType, Operation } from '../types.js';

const text: MediaType = { schema: { type: 'string' } };

/** Events are lines of text: OpenAPI 3.1 has no word for what each of them is. */
const events: MediaType = {
  schema: {
    type: 'string',
    description: 'Lines `data: …`, each with one event in JSON; the last one is `data: [DONE]`.',
  },
  'x-content-schema': refTo('StreamEvent'),
};

/** `POST /audio/transcriptions`. */
export const transcriptions: Operation = formOperation({
  operationId: 'createTranscription',
  tag: 'Audio',
  summary: 'Transcribe a recording',
  description:
    'The endpoint of the OpenAI API, with speakers. Fields that are not listed are ignored; lists may be sent with and without brackets.',
  path: '/v1/audio/transcriptions',
  form: transcriptionRequest,
  examples: transcriptionExamples,
  responses: {
    200: {
      description:
        'The transcript as `response_format` says: JSON, or text for `text`, `srt` and `vtt`; events with `stream=true`.',
      content: {
        'application/json': {
          schema: {
            anyOf: [
              refTo('Transcription'),
              refTo('VerboseTranscription'),
              refTo('DiarizedTranscription'),
            ],
          },
        },
        'text/plain': text,
        'text/event-stream': events,
      },
    },
    ...uploadErrors(),
  },
});

/** `POST /audio/translations`. */
export const translations: Operation = formOperation({
  operationId: 'createTranslation',
  tag: 'Audio',
  summary: 'Translate a recording into English',
  description:
    'Needs a model that translates, of the Whisper family: `./bin/whosaid models pull whisper-base`. The fields are those of a transcription.',
  path: '/v1/audio/translations',
  form: translationRequest,
  examples: translationExamples,
  responses: {
    200: {
      description: 'The translation as `response_format` says; events with `stream=true`.',
      content: {
        'application/json': {
          schema: { anyOf: [refTo('Translation'), refTo('VerboseTranslation')] },
        },
        'text/plain': text,
        'text/event-stream': events,
      },
    },
    ...uploadErrors(),
  },
});
