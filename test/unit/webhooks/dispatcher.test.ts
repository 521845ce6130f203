import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  createWebhookDispatcher,
  type WebhookDispatcher,
  type WebhookDispatcherOptions,
  type WebhookSource,
} from '#services/webhooks/dispatcher.js';
import { newWebhookSecret } from '#services/webhooks/secret.js';
import { silentLogger } from '#utils/logging/logger.js';
import { until } from '../../support/start-server.js';
import { openTestDatabase, type TestDatabase } from './jobs-database.js';
import { answer, type Behaviour, type Receiver, startReceiver } from './receiver.js';

const YEAR_MS = 365 * 86_400_000;

let database: TestDatabase;
let receivers: Receiver[];
let dispatchers: WebhookDispatcher[];
beforeEach(async () => {
  database = await openTestDatabase();
  receivers = [];
  dispatchers = [];
});
afterEach(async () => {
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.close()));
  await Promise.all(receivers.map((receiver) => receiver.close()));
  await database.removeAll();
});

async function receive(...behaviours: Behaviour[]): Promise<Receiver> {
  const receiver = await startReceiver(...behaviours);
  receivers.push(receiver);
  return receiver;
}

const source = (): WebhookSource => ({ ...database, jobFor: database.find });

/** A dispatcher with pauses that a test can wait for. It has begun. */
function dispatch(options: Partial<WebhookDispatcherOptions> = {}): WebhookDispatcher {
  const dispatcher = createWebhookDispatcher({
    source: source(),
    secret: newWebhookSecret(),
    allowPrivate: true,
    logger: silentLogger,
    pausesMs: [1, 1, 1],
    ...options,
  });
  dispatchers.push(dispatcher);
  dispatcher.poke();
  return dispatcher;
}

const attempts = (id: string) => database.job(id).deliveries.map(({ at, ...said }) => said);
const isSettled = () => database.nextDeliveryAt() === undefined;
const untilSettled = () => until(isSettled, 'a webhook is still to be told');

describe('telling webhooks', () => {
  it('tells the end of a job once, and records it', async () => {
    const { url, told } = await receive(answer(200));
    const dispatcher = dispatch();
    const id = database.end(url);
    dispatcher.poke();
    await untilSettled();
    assert.deepEqual(attempts(id), [{ attempt: 1, status: 200 }]);
    assert.deepEqual(
      told.map(({ body }) => JSON.parse(body).data.id),
      [id],
    );
  });

  it('tells it again after failures, with the same id and a new time, until it is heard', async () => {
    const { url, told } = await receive(
      answer(500),
      (_response, { socket }) => void socket.resetAndDestroy(),
      answer(204),
    );
    let clockMs = Date.now();
    const now = () => (clockMs += 5000);
    const id = database.end(url, clockMs);
    dispatch({ now });
    await untilSettled();
    assert.deepEqual(attempts(id), [
      { attempt: 1, status: 500 },
      { attempt: 2, failure: 'the connection was broken off' },
      { attempt: 3, status: 204 },
    ]);
    const all = (read: (each: (typeof told)[number]) => unknown) => new Set(told.map(read)).size;
    assert.equal(
      all(({ headers }) => headers['webhook-id']),
      1,
    );
    assert.equal(
      all(({ body }) => body),
      1,
    );
    assert.equal(
      all(({ headers }) => headers['webhook-timestamp']),
      3,
    );
    assert.equal(
      all(({ headers }) => headers['webhook-signature']),
      3,
    );
  });

  it('says of each attempt how it went', async () => {
    const { url: broken } = await receive(answer(500));
    const { url: slow } = await receive(answer(500), answer(200));
    const { url: gone } = await receive(answer(410));
    const outcomes: string[] = [];
    for (const url of [broken, slow, gone]) database.end(url);
    dispatch({ pausesMs: [1], onAttempt: (outcome) => outcomes.push(outcome) });
    await untilSettled();
    const expected = ['delivered', 'failed', 'failed', 'given_up', 'unwanted'];
    assert.deepEqual(outcomes.toSorted(), expected);
  });

  it('gives up when it has tried often enough, and at once when it is unwanted', async () => {
    const { url: broken } = await receive(answer(500));
    const { url: gone } = await receive(answer(410));
    const [first, second] = [database.end(broken), database.end(gone)];
    dispatch({ timeoutMs: 30_000 });
    await untilSettled();
    assert.deepEqual(
      attempts(first),
      [1, 2, 3, 4].map((attempt) => ({ attempt, status: 500 })),
    );
    assert.deepEqual(attempts(second), [{ attempt: 1, status: 410 }]);
  });

  it('is not held up by one that hangs', async () => {
    const hanging = await receive(() => {});
    const quick = await receive(answer(200));
    const late = database.end(hanging.url, Date.now() - 1000);
    const id = database.end(quick.url);
    dispatch({ concurrency: 2, timeoutMs: 300, pausesMs: [] });
    await untilSettled();
    assert.deepEqual(attempts(late), [{ attempt: 1, failure: 'no answer in time' }]);
    assert.deepEqual(attempts(id), [{ attempt: 1, status: 200 }]);
  });

  it('tells a few at a time, and all of many', async () => {
    let now = 0;
    let most = 0;
    const { url, told } = await receive(async (response) => {
      now += 1;
      most = Math.max(most, now);
      await pause(5);
      now -= 1;
      response.end();
    });
    const ids = Array.from({ length: 60 }, () => database.end(url));
    dispatch({ concurrency: 4 });
    await untilSettled();
    assert.equal(told.length, 60);
    assert.ok(most < 8, `${most} at a time`);
    for (const id of ids) assert.equal(attempts(id).length, 1);
  });

  it('keeps away from private addresses, but for the one that the operator has set', async () => {
    const { url, told } = await receive(answer(200));
    const id = database.end(`${url}/user`);
    const own = database.end(`${url}/operator`);
    dispatch({ allowPrivate: false, operatorUrl: `${url}/operator`, pausesMs: [] });
    await untilSettled();
    const failure = 'it leads to this machine or into a private network';
    assert.deepEqual(attempts(id), [{ attempt: 1, failure }]);
    assert.deepEqual(attempts(own), [{ attempt: 1, status: 200 }]);
    assert.equal(told.length, 1);
  });

  it('tells nothing of a job that is removed meanwhile', async () => {
    const { url, told } = await receive(answer(500));
    const id = database.end(url);
    dispatch({ pausesMs: [1, 500] });
    await until(() => told.length > 0, 'nothing was told');
    database.remove(id);
    await untilSettled();
  });
});

describe('telling webhooks over a restart', () => {
  it('tells what became due while nobody was there', async () => {
    const { url, told } = await receive(answer(200));
    const id = database.end(url, Date.now() - 86_400_000);
    dispatch();
    await untilSettled();
    assert.deepEqual([told.length, attempts(id).length], [1, 1]);
  });

  it('loses nothing when it ends in the middle of telling', async () => {
    const { url, told } = await receive(() => {}, answer(200));
    const id = database.end(url);
    const first = dispatch();
    await until(() => told.length === 1, 'nothing was told');
    await first.close();
    await first.close();
    assert.deepEqual(attempts(id), []);
    first.poke();
    dispatch();
    await untilSettled();
    assert.deepEqual(attempts(id), [{ attempt: 1, status: 200 }]);
    assert.equal(told[0]?.headers['webhook-id'], told[1]?.headers['webhook-id']);
  });
});

describe('telling webhooks where other things fail', () => {
  it('is not held up by a clock that was set back, nor hurried by one that was set forward', async () => {
    let offsetMs = 0;
    const { url, told } = await receive(answer(500), answer(200));
    const id = database.end(url);
    const dispatcher = dispatch({ pausesMs: [60_000], now: () => Date.now() + offsetMs });
    await until(() => attempts(id).length === 1, 'nothing was told');
    offsetMs = -YEAR_MS;
    dispatcher.poke();
    await untilSettled();
    assert.equal(told.length, 2);
    const other = database.end(url, Date.now());
    offsetMs = YEAR_MS;
    dispatcher.poke();
    await untilSettled();
    assert.equal(attempts(other).length, 1);
  });

  it('asks for nothing while nothing is due', async () => {
    let asked = 0;
    const { url, told } = await receive(answer(500));
    const counted: WebhookSource = {
      ...source(),
      nextDeliveryAt() {
        asked += 1;
        return database.nextDeliveryAt();
      },
    };
    database.end(url);
    dispatch({ source: counted, pausesMs: [YEAR_MS] });
    await until(() => told.length === 1 && (database.nextDeliveryAt() ?? 0) > Date.now(), 'untold');
    await pause(500);
    assert.ok(asked < 10, `${asked} times`);
  });

  it('goes on when the store of jobs works again, without telling the same again and again', async () => {
    const { url, told } = await receive(answer(200));
    let failures = 2;
    const fail = () => {
      if (failures-- > 0) throw new Error('disk I/O error');
    };
    const failing: WebhookSource = {
      ...source(),
      async dueDeliveries(now, limit) {
        fail();
        return database.dueDeliveries(now, limit);
      },
      async recordDelivery(...args) {
        fail();
        database.recordDelivery(...args);
      },
    };
    const id = database.end(url);
    const dispatcher = dispatch({ source: failing, sourcePauseMs: 50 });
    await until(() => {
      dispatcher.poke();
      return isSettled();
    }, 'a webhook is still to be told');
    assert.deepEqual(attempts(id), [{ attempt: 1, status: 200 }]);
    assert.ok(told.length <= 2, `${told.length} times`);
  });
});
