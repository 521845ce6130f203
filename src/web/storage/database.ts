import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Edits } from '../transcript/edits.js';

/** What is known of a recording besides its contents. */
export type RecordingInfo = {
  readonly jobId: string;
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** The other fields that it was sent with, for a second attempt. */
  readonly fields: readonly (readonly [string, string])[];
};

type Schema = DBSchema & {
  recordings: { key: string; value: RecordingInfo; indexes: { savedAt: number } };
  contents: { key: string; value: Blob };
  edits: { key: string; value: Edits };
};

let opened: Promise<IDBPDatabase<Schema>> | undefined;

/**
 * What the browser keeps for the page: recordings, to be played after a reload, and edits, both by the id of the job.
 * Rejects where the browser keeps nothing, as in some private windows.
 */
export function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('whosaid', 1, {
    upgrade(db) {
      db.createObjectStore('recordings', { keyPath: 'jobId' }).createIndex('savedAt', 'savedAt');
      db.createObjectStore('contents');
      db.createObjectStore('edits');
    },
  });
  return opened;
}

/** The value of some work with the database, or this one where the browser keeps nothing or has no room left. */
export async function orElse<Value>(work: () => Promise<Value>, fallback: Value): Promise<Value> {
  try {
    return await work();
  } catch {
    return fallback;
  }
}
