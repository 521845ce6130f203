import { SAMPLE_RATE } from '#services/asr/types.js';
import { identification, linkingOf } from '#services/diarization/identify.js';
import type { SpeakerService } from '#services/diarization/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { allowanceSeconds, clusteringAllowanceSeconds } from './allowance.js';
import type { HostPool } from './hosts/host-pool.js';
import type { RequestCall } from './hosts/options.js';
import type { SpeakerHostSpec, SpeakerOperations } from './protocol.js';

export type SpeakerServiceOptions = {
  readonly pool: HostPool<SpeakerHostSpec, SpeakerOperations>;
  /** Child processes of the pool. */
  readonly hosts: number;
};

/**
 * Speaker models whose calls go to whichever host of the pool is free; the first call starts the pool. Make one for each
 * recording: where hosts are few, recordings take turns.
 */
export function createSpeakerService({ pool, hosts }: SpeakerServiceOptions): SpeakerService {
  const owner = {};
  const ofSamples = ({ length }: Int16Array, { signal }: RequestCall = {}) => {
    const seconds = length / SAMPLE_RATE;
    return { signal, owner, cost: seconds, allowanceSeconds: allowanceSeconds(seconds) };
  };
  // Short work on what is analysed already: it must not wait for audio of other recordings.
  const clustering = (audioSeconds: number, { signal }: RequestCall = {}) => ({
    signal,
    isUrgent: true,
    allowanceSeconds: clusteringAllowanceSeconds(audioSeconds),
  });
  return {
    hosts,
    analyse: (block, call) => pool.request('analyse', block, ofSamples(block.samples, call)),
    tracks: (input, call) =>
      pool.request('tracks', input, clustering(input.end - input.start, call)),
    // Tracks of a day are 40 MB: the host gets the few voices that they come down to.
    async identify(chunks, { known = [], ...options }, call) {
      const { groups, voices } = linkingOf(chunks, options);
      const linking = clustering(chunks.at(-1)?.end ?? 0, call);
      const linked = await pool.request('link', voices, linking);
      return identification(chunks, { groups, linked, known });
    },
    sample: (samples, call) => pool.request('sample', { samples }, ofSamples(samples, call)),
  };
}

/** What stands in where the settings switch speakers off: nothing is loaded, every call rejects with `speakers_disabled`. */
export function createDisabledSpeakerService(): SpeakerService {
  const refuse = async (): Promise<never> => {
    throw new WhosaidError('speakers_disabled', { param: 'diarize' });
  };
  return { hosts: 1, analyse: refuse, tracks: refuse, identify: refuse, sample: refuse };
}
