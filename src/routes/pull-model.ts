import type { Request, RequestHandler, Response } from 'express';
import { type PullEvent, SharedPulls } from '#services/model-manager/shared-pulls.js';
import type { PullNotice } from '#services/model-manager/store-types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../app-deps.js';
import { requestSignals } from '../middleware/disconnect.js';
import { errorBody } from '../middleware/error-handler.js';
import { toCatalogued } from '../middleware/error-mapping.js';
import { openEventStream } from '../middleware/event-stream.js';
import { noteError } from '../middleware/note-error.js';
import { contextOf } from '../middleware/request-context.js';
import { readSmallJson } from '../middleware/small-json.js';

export type PullDeps = Pick<AppDeps, 'catalogue' | 'store' | 'draining'>;

const EXAMPLE = '{"model":"whisper-base"}';
/** Chunks of a file arrive by the thousand; nobody reads as fast. */
const PROGRESS_PAUSE_MS = 250;

/**
 * `POST /models/pull`: fetches the model that the body names, and what it requires. Answers when that is done, or, where
 * `text/event-stream` is accepted, with events on the way. It ends with the connection, unless others wait for the same.
 */
export function pullModel({ catalogue, store, draining }: PullDeps): RequestHandler {
  const pulls = new SharedPulls(store);
  return async (request: Request, response: Response) => {
    const { model } = await readSmallJson(request, EXAMPLE);
    if (typeof model !== 'string' || model === '') {
      const received = model === undefined ? 'nothing' : JSON.stringify(model).slice(0, 100);
      const expected = 'the id of a model of the catalogue';
      throw new WhosaidError('field_invalid', { param: 'model', expected, received });
    }
    const models = catalogue.withRequirements([model]).map(({ id }) => id);
    const { signal } = requestSignals({ response, stopping: draining });
    const answer = { object: 'model.pull', model, installed: models };
    const wantsEvents = request.accepts(['json', 'text/event-stream']) === 'text/event-stream';
    if (wantsEvents) {
      await answerEvents({ request, response, signal }, (onEvent) =>
        pulls.pull(model, { signal, onEvent }).then(() => answer),
      );
    } else {
      const notices: PullNotice[] = [];
      const onEvent = (event: PullEvent) => event.type === 'notice' && notices.push(event);
      await pulls.pull(model, { signal, onEvent });
      response.json({ ...answer, notices: notices.map(({ text }) => text) });
    }
  };
}

async function answerEvents(
  { request, response, signal }: { request: Request; response: Response; signal: AbortSignal },
  pull: (onEvent: (event: PullEvent) => void) => Promise<object>,
): Promise<void> {
  const stream = openEventStream({ response, signal });
  const isTold = progressFilter();
  // In order, and a client that reads slowly holds nobody up: of progress it misses what is over anyway.
  let sent: Promise<void> = Promise.resolve();
  const send = (event: object): Promise<void> => {
    sent = sent.then(() => stream.send(event));
    sent.catch(() => {});
    return sent;
  };
  try {
    const done = await pull((event) => {
      if (isTold(event) && !response.writableNeedDrain) void send(shown(event)).catch(() => {});
    });
    await send({ type: 'model.pull.done', ...done });
  } catch (thrown) {
    if (response.destroyed) throw thrown;
    const error = toCatalogued(thrown);
    noteError(error, contextOf(request));
    await sent.catch(() => {});
    if (!response.destroyed)
      response.write(`data: ${JSON.stringify({ type: 'error', ...errorBody(error) })}\n\n`);
  } finally {
    stream.dispose();
  }
  response.end('data: [DONE]\n\n');
}

/** Lets everything through but progress that follows upon other progress of its file at once. */
function progressFilter(): (event: PullEvent) => boolean {
  const toldMs = new Map<string, number>();
  return (event) => {
    if (event.type !== 'progress') return true;
    const nowMs = performance.now();
    const isLast = event.receivedBytes >= event.totalBytes;
    const { file } = event;
    if (!isLast && nowMs - (toldMs.get(file) ?? -PROGRESS_PAUSE_MS) < PROGRESS_PAUSE_MS)
      return false;
    toldMs.set(file, nowMs);
    return true;
  };
}

function shown(event: PullEvent): object {
  if (event.type === 'waiting') return { type: 'model.pull.waiting' };
  const { modelId: model } = event;
  if (event.type === 'notice') return { type: 'model.pull.notice', model, text: event.text };
  const { file, receivedBytes, totalBytes } = event;
  return {
    type: 'model.pull.progress',
    model,
    file,
    received_bytes: receivedBytes,
    total_bytes: totalBytes,
  };
}
