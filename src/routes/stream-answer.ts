import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { PipelineEvent } from '#services/transcription/types.js';
import { doneEvent, type RenderOptions, segmentEvent } from '#utils/formats/index.js';
import type { Transcript } from '#utils/transcript/types.js';
import { errorBody } from '../middleware/error-handler.js';
import { toCatalogued } from '../middleware/error-mapping.js';
import { type EventStream, openEventStream } from '../middleware/event-stream.js';
import { noteError } from '../middleware/note-error.js';
import { contextOf } from '../middleware/request-context.js';
import type { Timings } from '../timings.js';
import type { PreparedTranscription } from '../transcription-request.js';
import { progressTeller } from './progress-events.js';

export type StreamAnswerOptions = {
  readonly request: Request;
  readonly response: Response;
  /** Aborts when the client has left. */
  readonly signal: AbortSignal;
  readonly prepared: Pick<PreparedTranscription, 'events'>;
  readonly timings: Pick<Timings, 'firstEventMs' | 'stalledReaderMs'>;
  /** Whether the position in the queue and the progress of the work are told, too. */
  readonly hasProgress: boolean;
  /** How the answer would be written without `stream`. */
  readonly rendering: (transcript: Transcript) => RenderOptions;
} & Pick<RenderOptions, 'format' | 'logprobs'>;

type Events = ReturnType<PreparedTranscription['events']>;

/**
 * Hands on what the pipeline tells as OpenAI's stream events; the caller ends the response. With `hasProgress` the
 * stream begins at once, since waiting is what it tells of. Otherwise it begins when the request has had its turn and
 * the recording has proved to be one, or has had its time to: what goes wrong before is thrown, so that it has a status
 * and `Retry-After`. What goes wrong later is the stream's last event. Throws `client_closed` either way.
 */
export async function streamAnswer(options: StreamAnswerOptions): Promise<undefined> {
  const { request, response, signal, prepared, timings, hasProgress } = options;
  const events = hasProgress ? prepared.events() : await begun(prepared, timings);
  const stream = openEventStream({ response, signal, stalledMs: timings.stalledReaderMs });
  const progress = progressTeller();
  try {
    for await (const event of events) {
      if (event.type === 'queued' || event.type === 'progress') {
        const told = hasProgress && progress(event);
        if (told) await stream.send(told);
      } else if (event.type !== 'chunk') await tell(event, stream, options);
    }
    await stream.sendDone();
  } catch (thrown) {
    signal.throwIfAborted();
    await stream.send(errorBody(noted(thrown, request)));
  } finally {
    stream.dispose();
  }
}

/** The events of a request that has had its turn, and whose recording has told something or has had its time to. */
async function begun(
  prepared: StreamAnswerOptions['prepared'],
  { firstEventMs }: StreamAnswerOptions['timings'],
): Promise<Events> {
  let onBegin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    onBegin = resolve;
  });
  const events = withoutQueue(prepared.events({ onBegin }));
  const first = events.next();
  await Promise.race([first, begun]);
  await settledWithin(first, firstEventMs);
  return continued(first, events);
}

async function* withoutQueue(events: Events): Events {
  for await (const event of events) if (event.type !== 'queued') yield event;
}

/** Resolves when the promise has or the time is up. Rejects as the promise does. */
async function settledWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    await Promise.race([promise, pause(ms, undefined, { signal }).catch(() => undefined)]);
  } finally {
    settled.abort();
  }
}

async function tell(
  event: Extract<PipelineEvent, { type: 'segment' | 'done' }>,
  stream: EventStream,
  options: StreamAnswerOptions,
): Promise<void> {
  if (event.type === 'segment') return stream.send(segmentEvent(event.segment, options));
  const { transcript } = event;
  contextOf(options.request).audioSeconds = transcript.duration;
  await stream.send(doneEvent(transcript, options.rendering(transcript)));
}

/** All events, of which the first has been asked for already. Whoever leaves early ends them. */
async function* continued<Event>(
  first: Promise<IteratorResult<Event, void>>,
  events: AsyncGenerator<Event, void, void>,
): AsyncGenerator<Event, void, void> {
  try {
    for (let next = await first; !next.done; next = await events.next()) yield next.value;
  } finally {
    await events.return();
  }
}

/** The error for the client, with what the error handler would have noted: it sees none of this. */
function noted(thrown: unknown, request: Request) {
  const error = toCatalogued(thrown);
  noteError(error, contextOf(request));
  return error;
}
