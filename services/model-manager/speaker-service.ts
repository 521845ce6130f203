import type { SpeakerService } from '#services/diarization/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { HostPool } from './hosts/host-pool.js';
import type { SpeakerHostSpec, SpeakerOperations } from './protocol.js';

export type SpeakerServiceOptions = {
  readonly pool: HostPool<SpeakerHostSpec, SpeakerOperations>;
  /** Child processes of the pool. */
  readonly hosts: number;
};

/** Speaker models whose calls go to whichever host of the pool is free; the first call starts the pool. */
export function createSpeakerService({ pool, hosts }: SpeakerServiceOptions): SpeakerService {
  return {
    hosts,
    analyse: (block, call) => pool.request('analyse', block, call),
    // Short work on what is analysed already: it must not wait for audio of other recordings.
    tracks: (input, call) => pool.request('tracks', input, { ...call, isUrgent: true }),
    identify: (chunks, options, call) =>
      pool.request('identify', { chunks, options }, { ...call, isUrgent: true }),
    sample: (samples, call) => pool.request('sample', { samples }, call),
  };
}

/** What stands in where the settings switch speakers off: nothing is loaded, every call rejects with `speakers_disabled`. */
export function createDisabledSpeakerService(): SpeakerService {
  const refuse = async (): Promise<never> => {
    throw new WhosaidError('speakers_disabled', { param: 'diarize' });
  };
  return { hosts: 1, analyse: refuse, tracks: refuse, identify: refuse, sample: refuse };
}
