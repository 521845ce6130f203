import { setMaxListeners } from 'node:events';
import { enrolVoices } from '#services/diarization/enrol.js';
import { RecordingDiarizer } from './diarize-recording.js';
import { identifySpeakers } from './identify-speakers.js';
import { type ReadStep, readRecording } from './read-recording.js';
import { recogniseWindow } from './recognise-window.js';
import { type RecognisedStep, TranscriptDraft } from './transcript-draft.js';
import type { PipelineDeps, PipelineEvent, TranscribeRequest } from './types.js';

const WINDOWS_IN_FLIGHT = 3;
const FALLBACK_LANGUAGE = 'en';

/**
 * The one pipeline: decodes, cuts into chunks, finds speech, recognises, finds out who speaks where the request asks for
 * it, and tells what it knows as it goes. Windows are read while earlier ones are recognised and diarized; events come
 * in order of time. With speakers, segments come at the end: only the whole recording says who is who.
 *
 * Leaving the iteration early, or aborting `request.signal`, stops decoding and the requests to the engines before the
 * generator ends.
 *
 * @throws WhosaidError of the decoder or the engines or about a known speaker, or `request.signal.reason`.
 */
export async function* transcribeRecording(
  request: Omit<TranscribeRequest, 'channels'>,
  deps: PipelineDeps,
): AsyncGenerator<PipelineEvent, void, void> {
  const { path, language, prompt } = request;
  const { speech, speakers } = deps;
  const stop = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
  setMaxListeners(0, signal); // each batch in flight listens, and a long window has many
  signal.throwIfAborted();
  // Before anything else: who names somebody whose sample cannot be used hears of it at once.
  const known = await enrolVoices(request.speakers?.known ?? [], { ...deps, signal });
  const onFailure = (error: unknown) => stop.abort(error);
  const diarizer = request.speakers && new RecordingDiarizer({ speakers, signal, onFailure });
  let totalSeconds: number | undefined;
  const onOpen = ({ claimedSeconds }: { claimedSeconds: number | undefined }) => {
    totalSeconds = claimedSeconds;
  };
  const steps = readRecording({ path, deps, diarizer, signal, onOpen });
  const draft = new TranscriptDraft();
  const inFlight: Promise<RecognisedStep>[] = [];
  let reading: Promise<IteratorResult<ReadStep, number>> | undefined;
  let duration: number | undefined;
  let audioSeconds = 0;

  try {
    while (duration === undefined || inFlight.length > 0) {
      if (duration === undefined && inFlight.length < WINDOWS_IN_FLIGHT)
        reading ??= quiet(steps.next());
      const next = await firstOf(inFlight[0], reading, diarizer?.progress());
      if (next && 'value' in next) {
        reading = undefined;
        if (next.done) duration = totalSeconds = next.value;
        else inFlight.push(quiet(recognised(next.value)));
        continue;
      }
      if (next) {
        inFlight.shift();
        for (const segment of draft.add(next)) if (!diarizer) yield { type: 'segment', segment };
      }
      yield* progress();
    }
    let transcript = draft.transcript({ duration, language: language ?? FALLBACK_LANGUAGE });
    if (diarizer) {
      const tracks = quiet(diarizer.tracks());
      while (!(await firstOf(tracks, diarizer.progress()))) yield* progress();
      yield* progress();
      transcript = await identifySpeakers({
        transcript,
        tracks: await tracks,
        known,
        count: request.speakers?.count,
        speakers,
        signal,
      });
      for (const segment of transcript.segments) yield { type: 'segment', segment };
    }
    yield { type: 'done', transcript };
  } finally {
    stop.abort();
    // The file may be deleted once this generator has ended: wait until nobody uses it.
    await Promise.allSettled([reading, ...inFlight, diarizer?.settled()]);
    await steps.return(0);
  }

  async function recognised(step: ReadStep): Promise<RecognisedStep> {
    if (step.type !== 'window') return { step, segments: [] };
    const segments = await recogniseWindow(step.window, {
      speech,
      signal,
      ...(language !== undefined && { language }),
      ...(prompt !== undefined && { prompt }),
    });
    return { step, segments };
  }

  /** Tells how far everything is, where it is farther than was told. */
  function* progress(): Generator<PipelineEvent, void, void> {
    const reached = Math.min(draft.until, diarizer?.until ?? draft.until);
    if (reached <= audioSeconds) return;
    audioSeconds = reached;
    yield { type: 'progress', audioSeconds, totalSeconds };
  }
}

/** Whichever settles first; of several that have settled, the one named first. */
function firstOf<Promises extends readonly (Promise<unknown> | undefined)[]>(
  ...work: Promises
): Promise<Awaited<NonNullable<Promises[number]>>> {
  return Promise.race(work.filter((each) => each !== undefined)) as Promise<
    Awaited<NonNullable<Promises[number]>>
  >;
}

/** A rejection of work that nobody is waiting for yet is seen later, when its turn comes. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
