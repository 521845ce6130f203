import type { IncomingMessage } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { Deadline } from '#services/audio/deadline.js';
import { createAddressGuard, type Network } from '#services/remote/address-guard.js';
import { ask } from '#services/remote/ask.js';
import { failureWords } from '#services/remote/failure-words.js';
import { retryAfterMs } from '#utils/time/retry-after.js';
import type { WebhookEvent } from './event.js';

export type DeliverOptions = {
  readonly url: string;
  readonly event: WebhookEvent;
  /** `whsec_…` */
  readonly secret: string;
  /** When this attempt is made, in milliseconds since 1970. */
  readonly at: number;
  readonly allowPrivate: boolean;
  /** For the whole attempt. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly network?: Network | undefined;
};

export type DeliveryResult = {
  /** `unwanted`: the receiver says that it never wants to be told again. */
  readonly outcome: 'delivered' | 'failed' | 'unwanted';
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** Why there was none, in a few words without addresses. */
  readonly failure?: string;
  /** When the receiver wants to be told again. */
  readonly retryAfterMs?: number;
};

/** What receivers may say, which nobody reads. */
const MAX_ANSWER_BYTES = 4096;

/** Makes one attempt to tell a webhook. Rejects with `signal.reason` when that ends it, and for no other reason. */
export async function deliver(options: DeliverOptions): Promise<DeliveryResult> {
  const { signal, timeoutMs, at } = options;
  signal.throwIfAborted();
  const ending = new AbortController();
  const stop = () => ending.abort();
  signal.addEventListener('abort', stop, { once: true });
  const deadline = new Deadline({ milliseconds: timeoutMs, onMissed: stop });
  deadline.start();
  try {
    const response = await post(options, ending.signal);
    const result = resultOf(response, at);
    await drain(response);
    return result;
  } catch (error) {
    signal.throwIfAborted();
    return {
      outcome: 'failed',
      failure: deadline.missed ? 'no answer in time' : failureWords(error),
    };
  } finally {
    deadline.stop();
    signal.removeEventListener('abort', stop);
    ending.abort();
  }
}

async function post(options: DeliverOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { url, event, secret, at, allowPrivate, network } = options;
  const guard = createAddressGuard({ allowPrivate, network });
  return ask({
    url: guard.check(url),
    guard,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(event.body),
      'webhook-id': event.id,
      'webhook-timestamp': Math.floor(at / 1000),
      'webhook-signature': new Webhook(secret).sign(event.id, new Date(at), event.body),
    },
    body: event.body,
    signal,
  });
}

function resultOf(
  { statusCode: status = 0, headers }: IncomingMessage,
  at: number,
): DeliveryResult {
  if (status >= 200 && status < 300) return { outcome: 'delivered', status };
  // The specification's word for "this address is no more".
  if (status === 410) return { outcome: 'unwanted', status };
  const pauseMs = retryAfterMs(headers['retry-after'], at);
  return { outcome: 'failed', status, ...(pauseMs !== undefined && { retryAfterMs: pauseMs }) };
}

/** Lets the receiver finish a short answer; a long one is cut off. The status has been heard already. */
async function drain(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_ANSWER_BYTES) break;
    }
  } catch {
    // It was broken off.
  }
}
