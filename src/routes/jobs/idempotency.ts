import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { NewJob } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { shown } from '../field-readers.js';

const HEADER = 'Idempotency-Key';
const MAX_CHARACTERS = 255;

/** The key by which a client that sends a request again finds what it made first. Throws `field_invalid`. */
export function idempotencyKeyOf(request: Request): string | undefined {
  const key = request.get(HEADER)?.trim();
  if (key === undefined || key === '') return undefined;
  if (key.length <= MAX_CHARACTERS) return key;
  throw new WhosaidError('field_invalid', {
    param: HEADER,
    expected: `at most ${MAX_CHARACTERS} characters, such as a UUID`,
    received: `${key.length} ('${shown(key)}')`,
  });
}

/** Hash of all that was asked for, in whatever order its fields came. */
export function fieldsFingerprint(fields: Readonly<Record<string, unknown>>): string {
  return fingerprintOf([JSON.stringify(inOrder(fields))]);
}

/** One hash of several texts. */
export function fingerprintOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Where there is a key. */
export function idempotency(
  key: string | undefined,
  fingerprint: string,
): Pick<NewJob, 'idempotency'> {
  return key === undefined ? {} : { idempotency: { key, fingerprint } };
}

function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const entries = Object.entries(value).map(([name, inner]) => [name, inOrder(inner)] as const);
  return entries.toSorted(([one], [other]) => (one < other ? -1 : 1));
}
