import type { SpeakerCount } from '#services/diarization/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { joinCounts } from '../speaker-rules.js';

/** The three fields about the number of speakers, where they were sent. */
export type CountValues = {
  readonly num_speakers?: number | undefined;
  readonly min_speakers?: number | undefined;
  readonly max_speakers?: number | undefined;
};

/** What they say together; undefined: nothing. Throws `speaker_counts_contradict` when no number fits them all. */
export function speakerCount(values: CountValues): SpeakerCount | undefined {
  const { num_speakers: exact, min_speakers: min, max_speakers: max } = values;
  const count = joinCounts({ exact, min, max });
  if (count === 'limits cross') throw contradiction('min_speakers', values);
  if (count === 'outside limits') throw contradiction('num_speakers', values);
  return count;
}

function contradiction(param: string, values: CountValues): WhosaidError {
  const { num_speakers, min_speakers, max_speakers } = values;
  const received = Object.entries({ num_speakers, min_speakers, max_speakers })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(' and ');
  return new WhosaidError('speaker_counts_contradict', { param, received });
}
