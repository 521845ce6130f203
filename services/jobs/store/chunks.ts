import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { decode, encode } from './codec.js';
import { prepareChange, prepareQuery, type Sql } from './sql.js';

/** What came of the chunks of unfinished jobs. */
export type ChunkRows = {
  /** In place of an earlier one. */
  put(job: number, chunk: ChunkResult): void;
  /** By channel, then index; each is read when it is its turn, so that those of a day need not all be there at once. */
  of(id: string): Generator<ChunkResult, void, void>;
  removeOf(job: number): void;
};

type ChunkPlace = { readonly job: number; readonly channel: number; readonly position: number };

export function createChunkRows(sql: Sql): ChunkRows {
  const put = prepareChange(
    sql,
    `INSERT INTO chunks (job, channel, position, body) VALUES (:job, :channel, :position, :body)
     ON CONFLICT (job, channel, position) DO UPDATE SET body = excluded.body`,
  );
  const places = prepareQuery<ChunkPlace>(
    sql,
    `SELECT job, channel, position FROM chunks WHERE job = (SELECT number FROM jobs WHERE id = :id)
     ORDER BY channel, position`,
  );
  const at = prepareQuery<{ body: Buffer }>(
    sql,
    'SELECT body FROM chunks WHERE job = :job AND channel = :channel AND position = :position',
  );
  const remove = prepareChange(sql, 'DELETE FROM chunks WHERE job = :job');
  return {
    put(job, chunk) {
      put({ job, channel: chunk.channel ?? 0, position: chunk.index, body: encode(chunk) });
    },
    *of(id) {
      for (const { job, channel, position } of places.all({ id })) {
        const row = at.first({ job, channel, position });
        if (row) yield decode(row.body) as ChunkResult;
      }
    },
    removeOf: (job) => void remove({ job }),
  };
}
