import type { SpeechTask } from '#services/asr/types.js';
import type { JobRendering } from '#services/jobs/types.js';
import type { RenderOptions } from '#utils/formats/index.js';
import { languageName } from '#utils/languages/languages.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { SpeakerDecision } from './speaker-decision.js';
import type { TranscriptionFields } from './transcription-fields.js';

/** How these fields want their transcript written; the fields themselves are not kept. */
export function renderingOf(fields: TranscriptionFields, decision: SpeakerDecision): JobRendering {
  const { responseFormat: format, granularities, logprobs } = fields;
  return {
    format,
    granularities,
    logprobs,
    speakerDetail: decision.detail,
    languages: fields.languages !== undefined,
  };
}

/** The same for a certain transcript. */
export function renderOptions(
  { language }: Transcript,
  { task, ...rendering }: JobRendering & { readonly task: SpeechTask },
): RenderOptions {
  return {
    ...rendering,
    task,
    // A translation is in English, whatever was spoken.
    languageName: task === 'translate' ? 'english' : languageName(language),
  };
}
