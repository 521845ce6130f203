import type { Jobs } from '#services/jobs/types.js';
import type { TempStore } from '#services/temp/temp-store.js';
import type { AppDeps } from '../../app-deps.js';

export type JobDeps = AppDeps & {
  readonly jobs: Jobs;
  readonly jobUploads: Pick<TempStore, 'folder' | 'reserve' | 'usedBytes'>;
};
