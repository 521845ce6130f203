import { isFinal } from '../types.js';
import type { WorkEvent } from '../work-event.js';
import type { JobDatabase } from './job-database.js';

/** The same database, which tells of chunks that are stored and of jobs that end. */
export function toldDatabase(
  database: JobDatabase,
  onWork: (event: WorkEvent) => void,
): JobDatabase {
  return {
    ...database,
    settle(id, change) {
      // Before it: when the store fails here, nothing has happened yet, and whoever settles tries again.
      const job = isFinal(change.to) ? database.find(id) : undefined;
      const isChanged = database.settle(id, change);
      const { to: status, at: endedAt, error } = change;
      if (job && isChanged)
        onWork({ type: 'ended', job: { ...job, status, endedAt, ...(error && { error }) } });
      return isChanged;
    },
    putChunk(id, chunk) {
      database.putChunk(id, chunk);
      onWork({ type: 'chunk' });
    },
  };
}
