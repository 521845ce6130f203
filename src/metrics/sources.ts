import type { AudioDecoder } from '#services/audio/types.js';
import type { PoolState } from '#services/model-manager/hosts/options.js';
import type { TempStore } from '#services/temp/temp-store.js';
import type { Admission } from '../admission.js';

/** Whom to ask what is going on when somebody scrapes. */
export type MetricSources = {
  readonly admission: Pick<Admission, 'state'>;
  readonly manager: { state(): { readonly pools: readonly PoolState[] } };
  readonly decoder: Pick<AudioDecoder, 'state'>;
  readonly temp: Pick<TempStore, 'usedBytes'>;
  readonly limits: {
    /** MAX_CONCURRENT_REQUESTS. */
    readonly running: number;
    /** MAX_QUEUED_REQUESTS. */
    readonly waiting: number;
    /** MAX_TEMP_BYTES. */
    readonly tempBytes: number;
  };
};
