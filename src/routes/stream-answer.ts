import { setTimeout as pause } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { PipelineEvent } from '#services/transcription/types.js';
import { doneEvent, type RenderOptions, segmentEvent } from '#utils/formats/index.js';
import type { Transcript } from '#utils/transcript/types.js';
import { errorBody } from '../middleware/error-handler.js';
import { toCatalogued } from '../middleware/error-mapping.js';
import { type EventStream, openEventStream } from '../middleware/event-stream.js';
import { contextOf } from '../middleware/request-context.js';

/**
 * A file that cannot be decoded shows within that time as a rule; then the answer is an error with a status of its own,
 * and not a stream that breaks.
 */
const MAX_WAIT_FOR_FIRST_EVENT_MS = 2000;

export type StreamAnswerOptions = {
  readonly request: Request;
  readonly response: Response;
  readonly signal: AbortSignal;
  readonly events: AsyncGenerator<PipelineEvent, void, void>;
  /** How the answer would be written without `stream`. */
  readonly rendering: (transcript: Transcript) => RenderOptions;
} & Pick<RenderOptions, 'format' | 'logprobs'>;

/**
 * Hands on what the pipeline tells as OpenAI's stream events; the caller ends the response. What goes wrong before the
 * stream has begun is thrown, what goes wrong later is the stream's last event. Throws `client_closed` either way.
 */
export async function streamAnswer(options: StreamAnswerOptions): Promise<void> {
  const { request, response, signal, events } = options;
  const first = events.next();
  await Promise.race([first, pause(MAX_WAIT_FOR_FIRST_EVENT_MS, undefined, { ref: false })]);
  const stream = openEventStream({ response, signal });
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
