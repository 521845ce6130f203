import { EventSourceParserStream } from 'eventsource-parser/stream';
import { request } from './request.js';
import type { JobEvent } from './types.js';

export type JobEventsOptions = {
  /** Number of the last event that is known; 0 for none. */
  readonly after: number;
  readonly signal: AbortSignal;
};

/**
 * Events of a job with their numbers, until the answer ends: with the job, or because the server stops. By fetch, since
 * EventSource sends no key. Rejects as `request` does.
 */
export async function* jobEvents(
  id: string,
  { after, signal }: JobEventsOptions,
): AsyncGenerator<{ readonly number: number; readonly event: JobEvent }> {
  const response = await request(`audio/jobs/${id}/events?after=${after}`, {
    headers: { accept: 'text/event-stream' },
    signal,
  });
  if (response.body === null || response.status === 204) return;
  const reader = response.body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // What has no number is the farewell of a server that stops.
      if (value.id === undefined) continue;
      yield { number: Number(value.id), event: JSON.parse(value.data) as JobEvent };
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
