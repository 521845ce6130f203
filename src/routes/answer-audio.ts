import type { RequestHandler } from 'express';
import type { SpeechTask } from '#services/asr/types.js';
import { type RenderOptions, renderTranscript } from '#utils/formats/index.js';
import { languageName } from '#utils/languages/languages.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { AppDeps } from '../app-deps.js';
import { abortOnDisconnect } from '../middleware/disconnect.js';
import { contextOf } from '../middleware/request-context.js';
import { withUpload } from '../middleware/upload.js';
import {
  type PreparedTranscription,
  prepareTranscription,
  transcriptOf,
} from '../transcription-request.js';
import { streamAnswer } from './stream-answer.js';
import { parseTranscriptionFields, type TranscriptionFields } from './transcription-fields.js';

/**
 * A recording in, what is said in it out: in one of OpenAI's formats, or with `stream` as OpenAI's events. By the time
 * the answer has ended, nothing is left of the recording.
 */
export function answerAudio(
  deps: AppDeps,
  { task }: { readonly task: SpeechTask },
): RequestHandler {
  return async (request, response) => {
    const signal = abortOnDisconnect(response);
    const rendered = await withUpload({
      request,
      response,
      temp: deps.temp,
      maxUploadBytes: deps.settings.maxUploadBytes,
      checkRoom: () => deps.admission.checkRoom(),
      use: async (upload) => {
        const fields = parseTranscriptionFields(upload.fields, { task });
        const live = fields.stream;
        const prepared = await prepareTranscription({ deps, fields, upload, signal, live });
        const rendering = (transcript: Transcript) => renderOptions(transcript, fields, prepared);
        if (fields.stream) {
          const { responseFormat: format, logprobs } = fields;
          const events = prepared.events();
          await streamAnswer({ request, response, signal, events, rendering, format, logprobs });
          return undefined;
        }
        const transcript = await transcriptOf(prepared);
        contextOf(request).audioSeconds = transcript.duration;
        return renderTranscript(transcript, rendering(transcript));
      },
    });
    if (rendered === undefined) response.end();
    else response.type(rendered.contentType).send(rendered.body);
  };
}

function renderOptions(
  transcript: Transcript,
  fields: TranscriptionFields,
  { decision }: PreparedTranscription,
): RenderOptions {
  return {
    format: fields.responseFormat,
    task: fields.task,
    granularities: fields.granularities,
    // A translation is in English, whatever was spoken.
    languageName: fields.task === 'translate' ? 'english' : languageName(transcript.language),
    speakerDetail: decision.detail,
    logprobs: fields.logprobs,
    languages: fields.languages !== undefined,
  };
}
