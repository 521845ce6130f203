import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { type DeliverOptions, deliver } from '#services/webhooks/deliver.js';
import { newWebhookSecret } from '#services/webhooks/secret.js';
import { answer, type Behaviour, type Receiver, startReceiver } from './receiver.js';

const secret = newWebhookSecret();
const event = { id: 'msg_1', body: '{"type":"transcription.job.completed","text":"Gespräch"}' };

let receivers: Receiver[] = [];
afterEach(async () => {
  await Promise.all(receivers.map((receiver) => receiver.close()));
  receivers = [];
});

async function receive(...behaviours: Behaviour[]): Promise<Receiver> {
  const receiver = await startReceiver(...behaviours);
  receivers.push(receiver);
  return receiver;
}

const tell = (url: string, options: Partial<DeliverOptions> = {}) =>
  deliver({
    url,
    event,
    secret,
    at: Date.now(),
    allowPrivate: true,
    timeoutMs: 30_000,
    signal: new AbortController().signal,
    ...options,
  });

describe('telling a webhook', () => {
  it('signs as the specification says', async () => {
    const { url, told } = await receive(answer(200));
    const at = Date.now();
    assert.deepEqual(await tell(`${url}/hook?a=b`, { at }), { outcome: 'delivered', status: 200 });
    const [{ headers, body } = { headers: {}, body: '' }] = told;
    // https://www.standardwebhooks.com: HMAC-SHA-256 over id, time and body, under the decoded secret.
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const seconds = Math.floor(at / 1000);
    const hmac = createHmac('sha256', key).update(`msg_1.${seconds}.${event.body}`);
    assert.equal(headers['webhook-signature'], `v1,${hmac.digest('base64')}`);
    assert.equal(headers['webhook-id'], 'msg_1');
    assert.equal(headers['webhook-timestamp'], String(seconds));
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(body, event.body);
    new Webhook(secret).verify(body, headers as Record<string, string>);
  });

  it('takes any 2xx for success, and reads no more of an answer than it has to', async () => {
    for (const status of [200, 201, 202, 204]) {
      const { url } = await receive(answer(status));
      assert.deepEqual(await tell(url), { outcome: 'delivered', status });
    }
    const { url: endless } = await receive((response) => {
      const timer = setInterval(() => response.write(Buffer.alloc(65_536)));
      response.once('close', () => clearInterval(timer));
    });
    assert.deepEqual(await tell(endless), { outcome: 'delivered', status: 200 });
    const { url: unfinished } = await receive(
      (response) => void response.writeHead(200).write('a'),
    );
    assert.deepEqual(await tell(unfinished, { timeoutMs: 300 }), {
      outcome: 'delivered',
      status: 200,
    });
  });

  it('follows no redirect', async () => {
    const { url: elsewhere, told } = await receive(answer(200));
    const { url } = await receive(answer(307, { location: elsewhere }));
    assert.deepEqual(await tell(url), { outcome: 'failed', status: 307 });
    assert.deepEqual(told, []);
  });

  it('hears when it is unwanted, and when it is to come again', async () => {
    const { url: gone } = await receive(answer(410));
    assert.deepEqual(await tell(gone), { outcome: 'unwanted', status: 410 });
    const { url: busy } = await receive(answer(503, { 'retry-after': '7' }));
    assert.deepEqual(await tell(busy), { outcome: 'failed', status: 503, retryAfterMs: 7000 });
  });

  it('tells why there was no answer, without names and addresses', async () => {
    const failure = async (behaviour: Behaviour, options?: Partial<DeliverOptions>) => {
      const { url } = await receive(behaviour);
      const result = await tell(url, options);
      assert.equal(result.outcome, 'failed');
      return result.failure;
    };
    assert.equal(await failure(() => {}, { timeoutMs: 200 }), 'no answer in time');
    assert.equal(
      await failure((_response, { socket }) => void socket.resetAndDestroy()),
      'the connection was broken off',
    );
    const closed = await startReceiver();
    await closed.close();
    assert.equal((await tell(closed.url)).failure, 'the connection was refused');
  });

  it('connects to no private address, literal or by name', async () => {
    const { url, port, told } = await receive(answer(200));
    const network = { resolve: async () => [{ address: '127.0.0.1', family: 4 }] };
    for (const target of [url, `http://hook.test:${port}/`]) {
      const result = await tell(target, { allowPrivate: false, network });
      const failure = 'it leads to this machine or into a private network';
      assert.deepEqual(result, { outcome: 'failed', failure });
    }
    assert.deepEqual(told, []);
  });

  it('ends with the reason of its signal', async () => {
    const controller = new AbortController();
    const reason = new Error('stopping');
    const { url } = await receive(() => controller.abort(reason));
    await assert.rejects(tell(url, { signal: controller.signal }), reason);
    await assert.rejects(tell(url, { signal: controller.signal }), reason);
  });
});
