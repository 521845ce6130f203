import type { RequestHandler } from 'express';
import type { SpeechTask } from '#services/asr/types.js';
import { renderTranscript } from '#utils/formats/index.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { AppDeps } from '../app-deps.js';
import { requestSignals } from '../middleware/disconnect.js';
import { contextOf } from '../middleware/request-context.js';
import { withUpload } from '../middleware/upload.js';
import { prepareTranscription, transcriptOf } from '../transcription-request.js';
import { renderingOf, renderOptions } from './rendering.js';
import { streamAnswer } from './stream-answer.js';
import { parseTranscriptionFields } from './transcription-fields.js';

/**
 * A recording in, what is said in it out: in one of OpenAI's formats, or with `stream` as OpenAI's events. By the time
 * the answer has ended, nothing is left of the recording.
 */
export function answerAudio(
  deps: AppDeps,
  { task }: { readonly task: SpeechTask },
): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    const { left, signal } = requestSignals({ response, stopping: deps.stopping });
    const rendered = await withUpload({
      request,
      response,
      deps,
      prepare: async (upload, seat) => {
        const fields = parseTranscriptionFields(upload.fields, { task });
        const live = fields.stream;
        const call = { deps, context, fields, upload, seat, signal, live };
        const prepared = await prepareTranscription(call);
        const wanted = renderingOf(fields, prepared.decision);
        const rendering = (transcript: Transcript) =>
          renderOptions(transcript, { ...wanted, task });
        if (live) {
          const { responseFormat: format, logprobs, progress: hasProgress } = fields;
          const { timings } = deps;
          const common = { request, response, signal: left, timings, hasProgress };
          return () => streamAnswer({ ...common, prepared, rendering, format, logprobs });
        }
        return async () => {
          const transcript = await transcriptOf(prepared);
          context.audioSeconds = transcript.duration;
          return renderTranscript(transcript, rendering(transcript));
        };
      },
    });
    if (rendered === undefined) response.end();
    else response.type(rendered.contentType).send(rendered.body);
  };
}
