import type { Transcript } from '#utils/transcript/types.js';
import { decode, encode } from './codec.js';
import { inTransaction, prepareChange, prepareQuery, type Sql } from './sql.js';

/** Transcripts that are kept beyond their jobs and requests. Who may see one is part of its key. */
export type ResultCache = {
  get(key: string): Transcript | undefined;
  /** Those that were used least recently make room. One that is larger than all the room is not kept. */
  put(key: string, transcript: Transcript, maxBytes: number): void;
  purge(): void;
};

export function createResultCache(sql: Sql): ResultCache {
  const get = prepareQuery<{ body: Buffer }>(sql, 'SELECT body FROM cache WHERE key = :key');
  const NEXT = '(SELECT coalesce(max(used), 0) + 1 FROM cache)';
  const touch = prepareChange(sql, `UPDATE cache SET used = ${NEXT} WHERE key = :key`);
  const insert = prepareChange(
    sql,
    `INSERT OR REPLACE INTO cache (key, used, bytes, body) VALUES (:key, ${NEXT}, :bytes, :body)`,
  );
  const total = prepareQuery<{ bytes: number }>(
    sql,
    'SELECT coalesce(sum(bytes), 0) AS bytes FROM cache INDEXED BY cache_used',
  );
  const oldest = prepareQuery<{ key: string; bytes: number }>(
    sql,
    'SELECT key, bytes FROM cache ORDER BY used LIMIT 1',
  );
  const remove = prepareChange(sql, 'DELETE FROM cache WHERE key = :key');
  const purge = prepareChange(sql, 'DELETE FROM cache');

  const makeRoom = (maxBytes: number): void => {
    let { bytes = 0 } = total.first() ?? {};
    while (bytes > maxBytes) {
      const row = oldest.first();
      if (row === undefined) return;
      remove({ key: row.key });
      bytes -= row.bytes;
    }
  };

  return {
    get(key) {
      const row = get.first({ key });
      if (row === undefined) return undefined;
      touch({ key });
      return decode(row.body) as Transcript;
    },
    put(key, transcript, maxBytes) {
      const body = encode(transcript);
      if (body.length > maxBytes) return;
      inTransaction(sql, () => {
        insert({ key, bytes: body.length, body });
        makeRoom(maxBytes);
      });
    },
    purge: () => void purge(),
  };
}
