import type { RecogniseOptions } from '#services/asr/types.js';
import type { EnhanceRequest } from '#services/enhance/types.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';
import { transcribe } from '#services/transcription/pipeline.js';
import { transcribeCached } from '#services/transcription/transcribe-cached.js';
import type {
  PipelineEvent,
  TranscribeRequest,
  VadOptions,
} from '#services/transcription/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { Seat } from './admission.js';
import { admitted, type QueuedEvent } from './admitted.js';
import type { AppDeps } from './app-deps.js';
import { chooseEnhancement } from './choose-enhancement.js';
import {
  chooseNormalisation,
  NORMALISATION_HEADER,
  type NormalisationChoice,
} from './choose-normalisation.js';
import { measured } from './metrics/measured.js';
import type { Multipart } from './middleware/multipart.js';
import { ownerIn } from './middleware/owner-of.js';
import type { ReceivedFile } from './middleware/received-parts.js';
import type { RequestContext } from './middleware/request-context.js';
import { checkLanguages } from './routes/language-check.js';
import { requestModel } from './routes/request-model.js';
import { decideSpeakers, type SpeakerDecision } from './routes/speaker-decision.js';
import { speakerRequest } from './routes/speaker-request.js';
import type { TranscriptionFields } from './routes/transcription-fields.js';

export type PrepareOptions = {
  readonly deps: AppDeps;
  /** Is told the model. */
  readonly context: RequestContext;
  readonly fields: TranscriptionFields;
  /** Its files must stay until the events have ended; its fields need not. */
  readonly upload: Pick<Multipart, 'folder'> & {
    readonly file?: Pick<ReceivedFile, 'path' | 'bytes'>;
  };
  readonly seat: Seat;
  readonly signal: AbortSignal;
  /** Segments as soon as they are known, for consumers that hand them on at once. Default false. */
  readonly live?: boolean;
};

/** A request that nothing speaks against; no work has been done for it yet. */
export type PreparedTranscription = {
  readonly entry: ModelEntry;
  readonly decision: SpeakerDecision;
  /** What is done to the sound first. */
  readonly enhance: EnhanceRequest | undefined;
  /** Whether numbers are written in figures. */
  readonly normalisation: NormalisationChoice;
  /**
   * Does the work when it is its turn, which `onTurn` is told; tells the position in the queue until then. To be called
   * once; leaving the iteration early stops the work. Throws what the seat and the pipeline throw.
   */
  events(options?: {
    readonly onTurn?: () => void;
  }): AsyncGenerator<PipelineEvent | QueuedEvent, void, void>;
};

/**
 * Checks everything about a request that can be checked before work is done for it, for every way in over HTTP. What it
 * returns keeps nothing of the fields but what the work needs: voices that were sent along are files from now on.
 *
 * @throws WhosaidError `file_missing`, `audio_empty`, `speakers_disabled`, `fields_contradict`, `language_unsupported`,
 * one of `chooseEnhancement` or one of `requestModel`
 */
export async function prepareTranscription(
  options: PrepareOptions,
): Promise<PreparedTranscription> {
  const { deps, context, fields, upload, seat, signal, live = false } = options;
  const { file } = upload;
  if (file === undefined) throw new WhosaidError('file_missing');
  const { entry, decision, enhance, normalisation } = await checkTranscription(options);
  if (file.bytes === 0) throw new WhosaidError('audio_empty');
  const request: TranscribeRequest = {
    ...recognitionOf(fields),
    ...normalisation.told,
    path: file.path,
    signal,
    live,
    ...(enhance && { enhance }),
    ...(await speakerRequest({ decision, fields: fields.speakers, folder: upload.folder })),
  };
  const events = () => {
    const pipeline = {
      decoder: deps.decoder,
      speech: deps.manager.speech(entry.id),
      speakers: deps.manager.speakers(),
      enhancer: (model: string) => deps.manager.enhancer(model),
      chunkSeconds: deps.settings.chunkSeconds,
      chunkOverlapSeconds: deps.settings.chunkOverlapSeconds,
    };
    const { cache, version } = deps;
    const work = cache
      ? transcribeCached(request, pipeline, {
          cache,
          version,
          owner: ownerIn(context),
          model: entry.id,
          onHit: () => context.addHeader('x-whosaid-cache', 'hit'),
        })
      : transcribe(request, pipeline);
    const speakers = decision.by === 'voices';
    return measured(work, { metrics: deps.metrics, model: entry.id, speakers });
  };
  return {
    entry,
    decision,
    enhance,
    normalisation,
    events: ({ onTurn } = {}) =>
      admitted({ seat, signal, bytes: file.bytes, events, ...(onTurn && { onTurn }) }),
  };
}

/**
 * Checks what the fields alone tell, whether the work is done now or as a job.
 *
 * @throws WhosaidError `speakers_disabled`, `fields_contradict`, `language_unsupported`, one of `chooseEnhancement` or one
 * of `requestModel`
 */
export async function checkTranscription({
  deps,
  context,
  fields,
}: Pick<PrepareOptions, 'deps' | 'context' | 'fields'>): Promise<
  Pick<PreparedTranscription, 'entry' | 'decision' | 'enhance' | 'normalisation'>
> {
  const languages = fields.language === undefined ? (fields.languages ?? []) : [fields.language];
  const { entry, diarize } = await requestModel({
    id: fields.model,
    task: fields.task,
    languages,
    logprobs: fields.logprobs,
    context: { ...deps, defaultModel: deps.settings.model },
  });
  context.model = entry.id;
  const decision = decideSpeakers({
    fields: fields.speakers,
    responseFormat: fields.responseFormat,
    modelAsks: diarize,
    mode: deps.settings.speakerDiarization,
  });
  await checkLanguages({
    ...deps,
    entry,
    param: fields.language === undefined ? 'languages' : 'language',
    languages,
  });
  const wishes = { enhance: fields.enhance, for: fields.enhanceFor };
  const enhance = await chooseEnhancement(wishes, deps);
  if (enhance) context.addHeader('x-whosaid-enhanced', enhancementInWords(enhance));
  const normalisation = chooseNormalisation(fields.inverseNormalisation, { ...deps, entry });
  if (normalisation.outcome) context.addHeader(NORMALISATION_HEADER, normalisation.outcome);
  return { entry, decision, enhance, normalisation };
}

/** For a header: `denoise; model=gtcrn; for=asr`. */
function enhancementInWords({ kind, model, for: hearers }: EnhanceRequest): string {
  return `${kind}; model=${model}; for=${hearers}`;
}

/** Does the work of a prepared request to its end. Throws what its events throw. */
export async function transcriptOf(prepared: PreparedTranscription): Promise<Transcript> {
  for await (const event of prepared.events()) {
    if (event.type === 'done') return event.transcript;
  }
  throw new TypeError('The pipeline ended without a transcript.');
}

/** What the pipeline is told besides the file and who speaks. */
export function recognitionOf(
  fields: TranscriptionFields,
): RecogniseOptions & { vad?: VadOptions } {
  const { language, languages, prompt, keywords, task, logprobs, vad } = fields;
  return {
    task,
    logprobs,
    ...(language !== undefined && { language }),
    ...(languages !== undefined && { languages }),
    ...(prompt !== undefined && { prompt }),
    ...(keywords !== undefined && { keywords }),
    ...(vad !== undefined && { vad }),
  };
}
