import type { JobSelection } from '#services/jobs/store/job-purge.js';
import { hashKey, keyId } from '../access/key-ring.js';
import { UsageError } from './report-failure.js';

/** What `data purge` was asked for, as it came. */
export type PurgeFlags = {
  readonly job?: string;
  readonly key?: string;
  readonly cache?: boolean;
  readonly endedBefore?: string;
};

const ASKED = '--job, --key, --ended-before or --cache';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const KEY_ID = /^[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** Throws UsageError unless one thing was asked for, and rightly. Undefined: the cache alone. */
export function jobSelection(flags: PurgeFlags): JobSelection | undefined {
  const { job, key, cache = false, endedBefore } = flags;
  const asked = [job, key, endedBefore].filter((flag) => flag !== undefined).length;
  if (asked + Number(cache) !== 1) throw new UsageError(`Expected one of ${ASKED}.`);
  if (job !== undefined) return { id: jobId(job) };
  if (key !== undefined) return { owners: ownersOf(key) };
  return endedBefore === undefined ? undefined : { endedBefore: parseTime(endedBefore) };
}

/** Jobs are folders, too: nothing else is ever put into a path. */
function jobId(text: string): string {
  if (UUID.test(text)) return text;
  throw new UsageError(
    `'${text}' is no id of a job. Expected one like 0b7e6f3c-5d1e-4c59-9a55-3f2a8e5f7c10, as the API gives it.`,
  );
}

/** A text of 12 characters may be a key itself or the short id of one; nobody can have made two keys that meet. */
function ownersOf(text: string): string[] {
  if (text === 'anyone') return ['anyone'];
  const ids = [keyId(hashKey(text))];
  if (KEY_ID.test(text)) ids.push(text);
  if (HASH.test(text)) ids.push(keyId(Buffer.from(text, 'hex')));
  return ids.map((id) => `key:${id}`);
}

function parseTime(text: string): number {
  const time = DAY.test(text) || MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new UsageError(
    `--ended-before is '${text}'. Expected a day (2026-11-22, from 0:00 UTC) or a moment (2026-11-22T08:00+01:00).`,
  );
}
