import type { AudioDecoder } from '#services/audio/types.js';
import type { DeviceChoice } from '#services/devices/types.js';
import type { Jobs } from '#services/jobs/types.js';
import type { PoolState } from '#services/model-manager/hosts/options.js';
import type { MemoryState } from '#services/model-manager/memory/model-memory.js';
import type { TempStore } from '#services/temp/temp-store.js';
import type { Admission } from '../admission.js';

/** Whom to ask what is going on when somebody scrapes. A worker has no requests, uploads and jobs of its own. */
export type MetricSources = {
  readonly manager: {
    state(): {
      readonly pools: readonly PoolState[];
      readonly memory?: MemoryState;
      readonly devices?: DeviceChoice;
    };
  };
  readonly decoder: Pick<AudioDecoder, 'state'>;
  readonly jobs?: Pick<Jobs, 'backlog'>;
  readonly requests?: {
    readonly admission: Pick<Admission, 'state'>;
    /** MAX_CONCURRENT_REQUESTS. */
    readonly maxRunning: number;
    /** MAX_QUEUED_REQUESTS. */
    readonly maxWaiting: number;
  };
  readonly realtime?: { state(): { readonly open: number; readonly limit: number } };
  readonly uploads?: {
    readonly temp: Pick<TempStore, 'usedBytes'>;
    /** MAX_TEMP_BYTES. */
    readonly maxBytes: number;
  };
};
