import { transcribe } from '#services/transcription/pipeline.js';
import { transcribeCached } from '#services/transcription/transcribe-cached.js';
import type { PipelineEvent, TranscribeRequest } from '#services/transcription/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { Seat } from './admission.js';
import { admitted, type QueuedEvent } from './admitted.js';
import type { AppDeps } from './app-deps.js';
import { checkTranscription } from './check-transcription.js';
import { measured } from './metrics/measured.js';
import type { Multipart } from './middleware/multipart.js';
import { ownerIn } from './middleware/owner-of.js';
import type { ReceivedFile } from './middleware/received-parts.js';
import type { RequestContext } from './middleware/request-context.js';
import type { SpeakerDecision } from './routes/speaker-decision.js';
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
  readonly decision: SpeakerDecision;
  /**
   * Does the work when it is its turn; tells the position in the queue until then. To be called
   * once; leaving the iteration early stops the work. Throws what the seat and the pipeline throw.
   */
  events(options?: {
    /** Called when it is its turn and everything is known that the headers of the answer tell. */
    readonly onBegin?: () => void;
  }): AsyncGenerator<PipelineEvent | QueuedEvent, void, void>;
};

/**
 * Checks everything about a request that can be checked before work is done for it, for every way in over HTTP. What it
 * returns keeps nothing of the fields but what the work needs: voices that were sent along are files from now on.
 *
 * @throws WhosaidError `file_missing`, `audio_empty` or one of `checkTranscription`; the events also `language_not_installed`
 */
export async function prepareTranscription(
  options: PrepareOptions,
): Promise<PreparedTranscription> {
  const { deps, context, fields, upload, seat, signal, live = false } = options;
  const { file } = upload;
  if (file === undefined) throw new WhosaidError('file_missing');
  const { recogniser, decision, enhance } = await checkTranscription(options);
  if (file.bytes === 0) throw new WhosaidError('audio_empty');
  const common = {
    path: file.path,
    signal,
    live,
    ...(enhance && { enhance }),
    ...(await speakerRequest({ decision, fields: fields.speakers, folder: upload.folder })),
  };
  const events = async function* (onBegin?: () => void) {
    const { entry, recognition } = await recogniser(common);
    onBegin?.();
    const request: TranscribeRequest = { ...recognition, ...common };
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
    yield* measured(work, { metrics: deps.metrics, model: entry.id, speakers });
  };
  return {
    decision,
    events: ({ onBegin } = {}) =>
      admitted({ seat, signal, bytes: file.bytes, events: () => events(onBegin) }),
  };
}

/** Does the work of a prepared request to its end. Throws what its events throw. */
export async function transcriptOf(prepared: PreparedTranscription): Promise<Transcript> {
  for await (const event of prepared.events()) {
    if (event.type === 'done') return event.transcript;
  }
  throw new TypeError('The pipeline ended without a transcript.');
}
