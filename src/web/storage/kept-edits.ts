import { type Edits, noEdits } from '../transcript/edits.js';
import { database, orElse } from './database.js';

/** What somebody has changed in the transcript of a job. */
export async function findEdits(jobId: string): Promise<Edits> {
  const kept = await orElse(async () => (await database()).get('edits', jobId), undefined);
  return kept ?? noEdits;
}

/** False where the browser could not keep them. */
export function keepEdits(jobId: string, edits: Edits): Promise<boolean> {
  return orElse(async () => {
    await (await database()).put('edits', edits, jobId);
    return true;
  }, false);
}
