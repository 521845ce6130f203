import type { Request } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { readPlainJson } from '../routes/plain-json.js';

/** More than any body of JSON here needs. */
const MAX_BYTES = 10_000;

/**
 * The object that a request's body is.
 *
 * @param example What such a body looks like, for the error.
 * @throws WhosaidError `body_not_json`
 */
export async function readSmallJson(
  request: Request,
  example: string,
): Promise<Readonly<Record<string, unknown>>> {
  const fail = (received: string) => new WhosaidError('body_not_json', { example, received });
  const parts: Buffer[] = [];
  let bytes = 0;
  // One that is left early must not take the connection along: the answer is still to be sent.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw fail(`more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  if (bytes === 0) throw fail('no body');
  const reading = readPlainJson(Buffer.concat(parts).toString('utf8'));
  if ('problem' in reading) throw fail(reading.problem);
  const { value } = reading;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw fail('JSON that is no object');
  return value as Readonly<Record<string, unknown>>;
}
