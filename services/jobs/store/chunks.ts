import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { decode, encode } from './codec.js';
import { prepareChange, prepareQuery, type Sql } from './sql.js';

/** What came of the chunks of unfinished jobs. */
export type ChunkRows = {
  /** In place of an earlier one. */
  put(job: number, chunk: ChunkResult): void;
  /** By channel, then index. */
  of(id: string): ChunkResult[];
  removeOf(job: number): void;
};

export function createChunkRows(sql: Sql): ChunkRows {
  const put = prepareChange(
    sql,
    `INSERT INTO chunks (job, channel, position, body) VALUES (:job, :channel, :position, :body)
     ON CONFLICT (job, channel, position) DO UPDATE SET body = excluded.body`,
  );
  const of = prepareQuery<{ body: Buffer }>(
    sql,
    `SELECT body FROM chunks WHERE job = (SELECT number FROM jobs WHERE id = :id)
     ORDER BY channel, position`,
  );
  const remove = prepareChange(sql, 'DELETE FROM chunks WHERE job = :job');
  return {
    put(job, chunk) {
      put({ job, channel: chunk.channel ?? 0, position: chunk.index, body: encode(chunk) });
    },
    of: (id) => of.all({ id }).map(({ body }) => decode(body) as ChunkResult),
    removeOf: (job) => void remove({ job }),
  };
}
