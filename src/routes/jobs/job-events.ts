import type { Request, RequestHandler } from 'express';
import { isFinal, type JobEvent, type JobNews } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { seconds } from '#utils/formats/numbers.js';
import type { AppDeps } from '../../app-deps.js';
import { requestSignals } from '../../middleware/disconnect.js';
import { errorBody } from '../../middleware/error-handler.js';
import { toCatalogued } from '../../middleware/error-mapping.js';
import { type EventStream, openEventStream } from '../../middleware/event-stream.js';
import { noteError } from '../../middleware/note-error.js';
import { contextOf } from '../../middleware/request-context.js';
import { shown } from '../field-readers.js';
import { errorObject, progressOf } from './job-object.js';
import { jobOf, jobRefOf, unknownJob } from './job-ref.js';

/**
 * `GET /audio/jobs/{id}/events`: all that happened to a job and all that happens, as server-sent events with names and
 * numbers, until it has ended. Whoever comes again with `Last-Event-ID` goes on after that one, and is told by 204 when
 * there is nothing more to come: browsers stop asking then. A server that stops ends the stream with an error, without
 * waiting for the job: the job goes on later, and so may its listener.
 */
export function jobEvents(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const after = lastSeen(request);
    const { status } = await jobOf(request, deps);
    const { left, signal } = requestSignals({ response, stopping: deps.draining });
    const events = await deps.jobs.events(jobRefOf(request), { after, signal });
    if (events === undefined) return unknownJob(jobRefOf(request));
    try {
      // What has ended tells at once whether there is anything to tell.
      const first = isFinal(status) ? await events.next() : undefined;
      if (first?.done && after > 0) return void response.status(204).end();
      const stalledMs = deps.timings.stalledReaderMs;
      const stream = openEventStream({ response, signal: left, stalledMs });
      try {
        if (request.method === 'HEAD') return;
        if (first && !first.done) await stream.send(...asSent(first.value));
        const isOver = (await sendAll(events, stream)) || isFinal(status);
        if (!isOver) signal.throwIfAborted();
      } catch (thrown) {
        left.throwIfAborted();
        const error = toCatalogued(thrown);
        noteError(error, contextOf(request));
        await stream.send(errorBody(error));
      } finally {
        stream.dispose();
        response.end();
      }
    } finally {
      await events.return();
    }
  };
}

/** Whether the last of them was the end of the job. */
async function sendAll(events: AsyncIterable<JobEvent>, stream: EventStream): Promise<boolean> {
  let isOver = false;
  for await (const event of events) {
    await stream.send(...asSent(event));
    isOver = event.news.type === 'status' && isFinal(event.news.status);
  }
  return isOver;
}

/** Number of the last event that the client has. The header is what browsers send when they come again. */
function lastSeen(request: Request): number {
  const header = request.get('last-event-id');
  const [param, text] =
    header === undefined || header === ''
      ? ['after', [request.query.after].flat().at(-1)]
      : ['Last-Event-ID', header];
  if (text === undefined || text === '') return 0;
  if (typeof text === 'string' && /^\d{1,15}$/.test(text)) return Number(text);
  throw new WhosaidError('field_invalid', {
    param,
    expected: 'the number of an event, 0 for all of them',
    received: `'${shown(String(text))}'`,
  });
}

/** An event as it goes over the wire. */
function asSent({ seq, at, news }: JobEvent): [object, { id: number; name: string }] {
  const name = `job.${news.type}`;
  return [
    { type: name, at: at / 1000, ...told(news) },
    { id: seq, name },
  ];
}

function told(news: JobNews): object {
  switch (news.type) {
    case 'status':
      return { status: news.status, error: news.error ? errorObject(news.error) : null };
    case 'progress': {
      const { audioSeconds, totalSeconds } = news;
      return {
        audio_seconds: seconds(audioSeconds),
        duration: totalSeconds === undefined ? null : seconds(totalSeconds),
        progress: progressOf({ status: 'processing', ...news }),
      };
    }
    case 'segment': {
      const { id, start, end, text, speaker } = news;
      const times = { start: seconds(start), end: seconds(end) };
      return { id, ...times, text, ...(speaker !== undefined && { speaker }) };
    }
  }
}
