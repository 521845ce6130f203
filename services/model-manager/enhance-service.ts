import type { EnhanceService } from '#services/enhance/types.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { allowanceSeconds } from './allowance.js';
import type { HostPool } from './hosts/host-pool.js';
import type { EnhanceHostSpec, EnhanceOperations } from './protocol.js';

/** Enhancement whose calls go to whichever host of the pool is free; make one for each recording: they take turns. */
export function createEnhanceService(
  pool: HostPool<EnhanceHostSpec, EnhanceOperations>,
): EnhanceService {
  const owner = {};
  return {
    enhance(samples, { signal } = {}) {
      const seconds = samples.length / SAMPLE_RATE;
      const call = { signal, owner, cost: seconds, allowanceSeconds: allowanceSeconds(seconds) };
      return pool.request('enhance', { samples }, call);
    },
  };
}
