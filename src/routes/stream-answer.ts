import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { PipelineEvent } from '#services/transcription/types.js';
import { doneEvent, type RenderOptions, segmentEvent } from '#utils/formats/index.js';
import type { Transcript } from '#utils/transcript/types.js';
import { errorBody } from '../middleware/error-handler.js';
import { toCatalogued } from '../middleware/error-mapping.js';
import { type EventStream, openEventStream } from '../middleware/event-stream.js';
import { contextOf } from '../middleware/request-context.js';
import type { Timings } from '../timings.js';
import type { PreparedTranscription } from '../transcription-request.js';

export type StreamAnswerOptions = {
  readonly request: Request;
  readonly response: Response;
  readonly signal: AbortSignal;
  readonly prepared: Pick<PreparedTranscription, 'events'>;
  readonly timings: Pick<Timings, 'firstEventMs' | 'stalledReaderMs'>;
  /** How the answer would be written without `stream`. */
  readonly rendering: (transcript: Transcript) => RenderOptions;
} & Pick<RenderOptions, 'format' | 'logprobs'>;

/**
 * Hands on what the pipeline tells as OpenAI's stream events; the caller ends the response. The stream begins when the
 * request has had its turn and the recording has proved to be one, or has had its time to. What goes wrong before is
 * thrown, so that it has a status and `Retry-After`; what goes wrong later is the stream's last event. Throws
 * `client_closed` either way.
 */
export async function streamAnswer(options: StreamAnswerOptions): Promise<undefined> {
  const { request, response, signal, prepared, timings } = options;
  let onTurn = (): void => {};
  const turn = new Promise<void>((resolve) => {
    onTurn = resolve;
  });
  const events = prepared.events({ onTurn });
  const first = events.next();
  await Promise.race([first, turn]);
  await settledWithin(first, timings.firstEventMs);
  const stream = openEventStream({ response, signal, stalledMs: timings.stalledReaderMs });
  try {
    for await (const event of continued(first, events)) await tell(event, stream, options);
    await stream.sendDone();
  } catch (thrown) {
    signal.throwIfAborted();
    await stream.send(errorBody(noted(thrown, request)));
  } finally {
    stream.dispose();
  }
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
  event: PipelineEvent,
  stream: EventStream,
  options: StreamAnswerOptions,
): Promise<void> {
  if (event.type === 'segment') await stream.send(segmentEvent(event.segment, options));
  if (event.type !== 'done') return;
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
  const context = contextOf(request);
  context.errorKey = error.key;
  if (error.status >= 500) context.logger.error('Request failed', { error });
  return error;
}
