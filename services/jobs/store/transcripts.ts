import type { Transcript } from '#utils/transcript/types.js';
import { decode, encode } from './codec.js';
import { prepareChange, prepareQuery, type Sql } from './sql.js';

/** What came of completed jobs. */
export type TranscriptRows = {
  put(job: number, transcript: Transcript): void;
  of(id: string): Transcript | undefined;
};

export function createTranscriptRows(sql: Sql): TranscriptRows {
  const put = prepareChange(
    sql,
    'INSERT OR REPLACE INTO transcripts (job, body) VALUES (:job, :body)',
  );
  const of = prepareQuery<{ body: Buffer }>(
    sql,
    'SELECT body FROM transcripts WHERE job = (SELECT number FROM jobs WHERE id = :id)',
  );
  return {
    put: (job, transcript) => void put({ job, body: encode(transcript) }),
    of(id) {
      const row = of.first({ id });
      return row && (decode(row.body) as Transcript);
    },
  };
}
