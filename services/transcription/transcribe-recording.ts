import { setMaxListeners } from 'node:events';
import { enrolVoices } from '#services/diarization/enrol.js';
import type { Identification } from '#services/diarization/types.js';
import { spellingCorrector } from '#services/vocabulary/correct-segment.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import { RecordingDiarizer } from './diarize-recording.js';
import { identifyVoices, saidBy } from './identify-speakers.js';
import { LiveSpeakers } from './live-speakers.js';
import { type ReadStep, readRecording } from './read-recording.js';
import { recogniseWindow } from './recognise-window.js';
import { ChunkRecorder } from './record-chunks.js';
import { resumeAfter } from './resume-after.js';
import { type RecognisedStep, TranscriptDraft } from './transcript-draft.js';
import type { PipelineDeps, PipelineEvent, TranscribeRequest } from './types.js';

const WINDOWS_IN_FLIGHT = 3;
/** Read, but not yet recognised, so that diarization can be ahead of recognition: of two minutes each. */
const LIVE_WINDOWS_AHEAD = 4;
const FALLBACK_LANGUAGE = 'en';

/**
 * The one pipeline: decodes, cuts into chunks, finds speech, recognises, finds out who speaks where the request asks for
 * it, and tells what it knows as it goes. Windows are read while earlier ones are recognised and diarized; events come
 * in order of time. With speakers, segments come at the end, when the whole recording says who is who; with `live` as
 * soon as enough of it has been heard.
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
  const {
    path,
    signal: outer,
    speakers: wanted,
    vad,
    spelling,
    enhance,
    live: isLive = false,
    chunks,
    ...hints
  } = request;
  const { speech, speakers } = deps;
  const correct = spelling && spellingCorrector(spelling);
  const stop = new AbortController();
  const signal = outer ? AbortSignal.any([outer, stop.signal]) : stop.signal;
  setMaxListeners(0, signal); // each batch in flight listens, and a long window has many
  signal.throwIfAborted();
  // Before anything else: who names somebody whose sample cannot be used hears of it at once.
  const known = await enrolVoices(wanted?.known ?? [], { ...deps, signal });
  const onFailure = (error: unknown) => stop.abort(error);
  const diarizer = wanted && new RecordingDiarizer({ speakers, signal, onFailure, isLive });
  const count = wanted?.count;
  const live =
    isLive && diarizer ? new LiveSpeakers({ diarizer, speakers, known, count, signal }) : undefined;
  let totalSeconds: number | undefined;
  const onOpen = ({ claimedSeconds }: { claimedSeconds: number | undefined }) => {
    totalSeconds = claimedSeconds;
  };
  const draft = new TranscriptDraft();
  const earlier = resumeAfter(chunks?.done ?? [], { draft, diarizer });
  const steps = readRecording({
    ...{ path, deps, diarizer, vad, enhance, signal, onOpen },
    from: earlier.from,
  });
  const recorder =
    chunks && new ChunkRecorder(diarizer ? { tracksOf: (at) => diarizer.tracksOf(at) } : {});
  const ahead: ReadStep[] = [];
  const mostRead = WINDOWS_IN_FLIGHT + (live ? LIVE_WINDOWS_AHEAD : 0);
  const inFlight: Promise<RecognisedStep>[] = [];
  let reading: Promise<IteratorResult<ReadStep, number>> | undefined;
  let duration = earlier.duration;
  let identified: Promise<Identification> | undefined;
  let audioSeconds = 0;

  try {
    if (!diarizer) yield* asEvents(earlier.segments);
    while (duration === undefined || inFlight.length > 0) {
      // As soon as all is diarized, whatever is still to be recognised.
      if (duration !== undefined) identified ??= identifiedAtEnd();
      if (duration === undefined && ahead.length + inFlight.length < mostRead)
        reading ??= quiet(steps.next());
      const next = await firstOf(
        inFlight[0],
        reading,
        live?.identified,
        recorder?.next(),
        diarizer?.progress(),
      );
      if (next && 'value' in next) {
        reading = undefined;
        if (next.done) duration = totalSeconds = next.value;
        else ahead.push(next.value);
      } else if (next) {
        inFlight.shift();
        recorder?.add(next);
        const settled = draft.add(next);
        if (live) live.add(settled);
        else if (!diarizer) yield* asEvents(settled);
      }
      const isAhead = duration !== undefined || ahead.length + inFlight.length >= mostRead;
      const mayRecognise = !live || live.isUnderWay || isAhead;
      while (mayRecognise && ahead.length > 0 && inFlight.length < WINDOWS_IN_FLIGHT)
        inFlight.push(quiet(recognised(ahead.shift() as ReadStep)));
      if (live) yield* asEvents(live.take());
      yield* chunkEvents(recorder);
      yield* progress();
    }
    const language = hints.language ?? FALLBACK_LANGUAGE;
    let transcript = draft.transcript({ duration, language });
    if (diarizer) {
      const tracks = quiet(diarizer.tracks());
      while (!(await firstOf(tracks, diarizer.progress()))) yield* progress();
      while (recorder?.next()) {
        await recorder.next();
        yield* chunkEvents(recorder);
      }
      yield* progress();
      transcript = yield* withSpeakers(transcript);
    }
    yield { type: 'done', transcript };
  } finally {
    stop.abort();
    // The file may be deleted once this generator has ended: wait until nobody uses it.
    await Promise.allSettled([
      reading,
      ...inFlight,
      live?.identified,
      identified,
      diarizer?.settled(),
    ]);
    await steps.return(0);
  }

  /** Undefined where nobody asks who speaks, or is told as it goes. */
  function identifiedAtEnd(): Promise<Identification> | undefined {
    if (!diarizer || live) return undefined;
    const found = diarizer.tracks().then((tracks) => {
      return identifyVoices(tracks, { known, count, speakers, signal });
    });
    return quiet(found);
  }

  async function recognised(step: ReadStep): Promise<RecognisedStep> {
    if (step.type !== 'window') return { step, segments: [] };
    const segments = await recogniseWindow(step.window, { speech, hints, correct, signal });
    return { step, segments };
  }

  /** Tells how far everything is, where it is farther than was told. */
  function* progress(): Generator<PipelineEvent, void, void> {
    const reached = Math.min(draft.until, diarizer?.until ?? draft.until);
    if (reached <= audioSeconds) return;
    audioSeconds = reached;
    yield { type: 'progress', audioSeconds, totalSeconds };
  }

  /** Tells the segments that were not told so far, when all of the recording is recognised and diarized. */
  async function* withSpeakers(
    transcript: Transcript,
  ): AsyncGenerator<PipelineEvent, Transcript, void> {
    if (live) {
      // What can be told with a part of the recording is, as if the rest were still to come.
      for (;;) {
        yield* asEvents(live.take());
        if (!live.identified) break;
        await live.identified;
      }
      const finished = await live.finish(transcript);
      yield* asEvents(finished.rest);
      return finished.transcript;
    }
    identified ??= identifiedAtEnd();
    const labelled = saidBy(transcript, await (identified as Promise<Identification>));
    yield* asEvents(labelled.segments);
    return labelled;
  }
}

function* asEvents(segments: readonly Segment[]): Generator<PipelineEvent, void, void> {
  for (const segment of segments) yield { type: 'segment', segment };
}

function* chunkEvents(recorder: ChunkRecorder | undefined): Generator<PipelineEvent, void, void> {
  for (const chunk of recorder?.take() ?? []) yield { type: 'chunk', chunk };
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
