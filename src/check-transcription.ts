import type { EnhanceRequest } from '#services/enhance/types.js';
import type { AppDeps } from './app-deps.js';
import { chooseEnhancement } from './choose-enhancement.js';
import { NORMALISATION_HEADER } from './choose-normalisation.js';
import { chooseRecogniser, type Recogniser } from './choose-recogniser.js';
import type { RequestContext } from './middleware/request-context.js';
import { decideSpeakers, type SpeakerDecision } from './routes/speaker-decision.js';
import type { TranscriptionFields } from './routes/transcription-fields.js';

/** What a recording is listened to by, and what its request is told of that in headers. */
export type CheckedTranscription = {
  /** Model and vocabulary so far as the fields tell: the language of the recording may choose another model. */
  readonly first: Recogniser;
  readonly decision: SpeakerDecision;
  /** What is done to the sound first. */
  readonly enhance: EnhanceRequest | undefined;
  /**
   * Model and vocabulary for a recording. Throws `language_not_installed`, and where its language has to be found out what
   * the decoder and the engine throw.
   */
  recogniser(recording: {
    readonly path: string;
    readonly signal: AbortSignal;
    /** One of several of the request: nothing of it is told in headers. */
    readonly isOneOfMany?: boolean;
  }): Promise<Recogniser>;
};

/**
 * Checks what the fields alone tell, whether the work is done now or as a job.
 *
 * @throws WhosaidError `speakers_disabled`, `fields_contradict`, or one of `chooseRecogniser` or `chooseEnhancement`
 */
export async function checkTranscription({
  deps,
  context,
  fields,
}: {
  readonly deps: AppDeps;
  /** Is told the model. */
  readonly context: RequestContext;
  readonly fields: TranscriptionFields;
}): Promise<CheckedTranscription> {
  const choice = await chooseRecogniser(fields, { models: deps, settings: deps.settings });
  const { first, isOpen } = choice;
  context.model = first.entry.id;
  const decision = decideSpeakers({
    fields: fields.speakers,
    responseFormat: fields.responseFormat,
    modelAsks: choice.diarize,
    mode: deps.settings.speakerDiarization,
  });
  const wishes = { enhance: fields.enhance, for: fields.enhanceFor };
  const enhance = await chooseEnhancement(wishes, deps);
  if (enhance) context.addHeader('x-whosaid-enhanced', enhancementInWords(enhance));
  if (!isOpen) tell(first, context);
  return {
    first,
    decision,
    enhance,
    async recogniser({ isOneOfMany = false, ...recording }) {
      const recogniser = await choice.settle(recording, deps);
      if (!isOpen || isOneOfMany) return recogniser;
      context.model = recogniser.entry.id;
      context.addHeader('x-whosaid-model', recogniser.entry.id);
      if (recogniser.followed) context.addHeader('x-whosaid-language', recogniser.followed.heard);
      tell(recogniser, context);
      return recogniser;
    },
  };
}

function tell({ vocabulary, normalisation }: Recogniser, context: RequestContext): void {
  if (vocabulary.applied !== undefined)
    context.addHeader('x-whosaid-vocabulary', vocabulary.applied);
  if (normalisation.outcome) context.addHeader(NORMALISATION_HEADER, normalisation.outcome);
}

/** For a header: `denoise; model=gtcrn; for=asr`. */
function enhancementInWords({ kind, model, for: hearers }: EnhanceRequest): string {
  return `${kind}; model=${model}; for=${hearers}`;
}
