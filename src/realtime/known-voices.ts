import { enrolVoices } from '#services/diarization/enrol.js';
import type { KnownVoice } from '#services/diarization/types.js';
import type { AppDeps } from '../app-deps.js';
import type { KnownSpeaker } from '../routes/known-speakers.js';
import { writeVoices } from '../routes/speaker-request.js';

/** The people whose voices a session was told. */
export type KnownVoices = {
  /**
   * Learns them, unless they are those of the last call. Throws as `enrolVoices`. Nothing of the samples stays on disk.
   */
  learn(people: readonly KnownSpeaker[]): Promise<readonly KnownVoice[]>;
};

export function createKnownVoices({
  decoder,
  manager,
  temp,
  signal,
}: Pick<AppDeps, 'decoder' | 'manager'> & {
  readonly temp: Pick<AppDeps['temp'], 'folder'>;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
}): KnownVoices {
  let last: { readonly people: readonly KnownSpeaker[]; readonly voices: readonly KnownVoice[] } = {
    people: [],
    voices: [],
  };
  return {
    async learn(people) {
      if (isSame(people, last.people)) return last.voices;
      const folder = await temp.folder();
      try {
        const references = await writeVoices(people, folder.path);
        const voices = await enrolVoices(references, {
          decoder,
          speakers: manager.speakers(),
          signal,
        });
        last = { people, voices };
        return voices;
      } finally {
        await folder.remove();
      }
    },
  };
}

function isSame(one: readonly KnownSpeaker[], other: readonly KnownSpeaker[]): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ name, base64 }, at) => {
    const known = other[at];
    return known?.name === name && known.base64 === base64;
  });
}
