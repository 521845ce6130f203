import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { isPresent } from './field-readers.js';
import { checkNames } from './known-speakers.js';

const DEFAULT_NAMES = ['Left', 'Right'] as const;

/**
 * Names of the left and the right channel for `channels=split`: as given, otherwise `Left` and `Right`. An empty one
 * leaves its channel unnamed. Throws `field_invalid` or `known_speaker_repeated`.
 */
export function channelNames(given: readonly string[]): readonly [string, string] {
  if (given.length > DEFAULT_NAMES.length) {
    throw new WhosaidError('field_invalid', {
      param: 'known_speaker_names',
      expected: 'at most two names with channels=split, for the left and the right channel',
      received: given.length,
    });
  }
  const names = DEFAULT_NAMES.map((name, index) => (isPresent(given[index]) ? given[index] : name));
  const [left, right] = checkNames(names as string[]);
  return [left as string, right as string];
}
