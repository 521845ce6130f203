import { setMaxListeners } from 'node:events';
import type { Segment } from '#utils/transcript/types.js';
import { type AudioWindow, readWindows } from './read-windows.js';
import { recogniseWindow, type UnnumberedSegment } from './recognise-window.js';
import type { PipelineDeps, PipelineEvent, TranscribeRequest } from './types.js';

/** Recognition works on windows of two minutes: results come early, and few windows are in memory at once. */
const WINDOW_SECONDS = 120;
const WINDOWS_IN_FLIGHT = 3;
const FALLBACK_LANGUAGE = 'en';

type Read = { type: 'read'; result: IteratorResult<AudioWindow, number> };
type Finished = { type: 'finished'; window: AudioWindow; segments: UnnumberedSegment[] };

/**
 * The one pipeline: decodes, finds speech, recognises, and tells what it knows as it goes. Windows are read while
 * earlier ones are recognised; events come in order of time.
 *
 * Leaving the iteration early, or aborting `request.signal`, stops decoding and the requests to the engines before the
 * generator ends.
 *
 * @throws WhosaidError of the decoder or the engines, or `request.signal.reason`.
 */
export async function* transcribeRecording(
  request: TranscribeRequest,
  deps: PipelineDeps,
): AsyncGenerator<PipelineEvent, void, void> {
  const stop = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
  setMaxListeners(0, signal); // each batch in flight listens, and a long window has many
  let totalSeconds: number | undefined;
  const windows = readWindows({
    path: request.path,
    decoder: deps.decoder,
    speech: deps.speech,
    windowSeconds: Math.min(WINDOW_SECONDS, deps.chunkSeconds),
    signal,
    onOpen: ({ claimedSeconds }) => {
      totalSeconds = claimedSeconds;
    },
  });
  const segments: Segment[] = [];
  const languages = new Map<string, number>();
  const inFlight: Promise<Finished>[] = [];
  let reading: Promise<Read> | undefined;
  let duration: number | undefined;

  try {
    signal.throwIfAborted();
    while (duration === undefined || inFlight.length > 0) {
      if (duration === undefined && inFlight.length < WINDOWS_IN_FLIGHT) reading ??= quiet(read());
      const step = await firstOf(reading, inFlight[0]);
      if (step.type === 'read') {
        reading = undefined;
        const { done, value } = step.result;
        if (done) duration = totalSeconds = value;
        else inFlight.push(quiet(recognise(value)));
        continue;
      }
      inFlight.shift();
      for (const { language, ...found } of step.segments) {
        const segment = { id: segments.length, ...found };
        segments.push(segment);
        languages.set(language, (languages.get(language) ?? 0) + segment.end - segment.start);
        yield { type: 'segment', segment };
      }
      yield { type: 'progress', audioSeconds: step.window.end, totalSeconds };
    }
    yield {
      type: 'done',
      transcript: {
        language: mostSpoken(languages) ?? request.language ?? FALLBACK_LANGUAGE,
        duration,
        text: segments.map(({ text }) => text).join(' '),
        segments,
      },
    };
  } finally {
    stop.abort();
    // The file may be deleted once this generator has ended: wait until nobody uses it.
    await Promise.allSettled([reading, ...inFlight]);
    await windows.return(0);
  }

  async function read(): Promise<Read> {
    return { type: 'read', result: await windows.next() };
  }

  async function recognise(window: AudioWindow): Promise<Finished> {
    const { language, prompt } = request;
    const found = await recogniseWindow(window, {
      speech: deps.speech,
      signal,
      ...(language !== undefined && { language }),
      ...(prompt !== undefined && { prompt }),
    });
    return { type: 'finished', window, segments: found };
  }
}

/** Whichever settles first; finished work comes before new work when both are there. */
function firstOf<One, Other>(
  reading: Promise<One> | undefined,
  oldest: Promise<Other> | undefined,
): Promise<One | Other> {
  return Promise.race([oldest, reading].filter((each) => each !== undefined));
}

/** A rejection of work that nobody is waiting for yet is seen later, when its turn comes. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

function mostSpoken(seconds: ReadonlyMap<string, number>): string | undefined {
  return [...seconds].sort(([, one], [, other]) => other - one)[0]?.[0];
}
