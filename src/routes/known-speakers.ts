import type { ErrorParams } from '#utils/errors/whosaid-error.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { indexOfRepeated, MAX_NAME_CHARACTERS, nameProblem } from '../speaker-rules.js';
import { readDataUrl } from './data-url.js';
import { isPresent, shown } from './field-readers.js';

/** A person whose voice the client sent along. */
export type KnownSpeaker = {
  readonly name: string;
  /** A few seconds of them, in any audio format. */
  readonly base64: string;
};

/** OpenAI's limit. */
const MAX_KNOWN_SPEAKERS = 4;

/**
 * Joins names and references, which come as two lists in the same order. A pair of which both are empty counts as not
 * sent. Throws `known_speakers_unpaired`, `known_speaker_repeated`, `known_speaker_not_data_url` or `field_invalid`.
 */
export function pairKnownSpeakers(lists: {
  readonly names: readonly string[];
  readonly references: readonly string[];
}): KnownSpeaker[] {
  const names = lists.names.filter(isPresent).length;
  const references = lists.references.filter(isPresent).length;
  const length = Math.max(lists.names.length, lists.references.length);
  const pairs = Array.from({ length }, (_, at) => ({
    name: lists.names[at] ?? '',
    reference: lists.references[at] ?? '',
  })).filter(({ name, reference }) => isPresent(name) || isPresent(reference));
  const isUnpaired = pairs.some(({ name, reference }) => !isPresent(name) || !isPresent(reference));
  if (isUnpaired || pairs.length > MAX_KNOWN_SPEAKERS) {
    const param = references < names ? 'known_speaker_references' : 'known_speaker_names';
    const limit = MAX_KNOWN_SPEAKERS;
    throw new WhosaidError('known_speakers_unpaired', { param, limit, names, references });
  }
  const checked = checkNames(pairs.map(({ name }) => name));
  return pairs.map(({ reference }, index) => {
    const content = readDataUrl(reference);
    if ('base64' in content) return { name: checked[index] ?? '', base64: content.base64 };
    const params = { number: index + 1, received: content.problem };
    throw new WhosaidError('known_speaker_not_data_url', params);
  });
}

/** Names without the white space around them. Throws `field_invalid` or `known_speaker_repeated`. */
export function checkNames(sent: readonly string[]): string[] {
  const names = sent.map((name) => name.trim());
  for (const name of names) {
    const problem = nameProblem(name);
    if (problem === undefined) continue;
    const said = `${JSON.stringify(shown(name))} with line breaks or control characters`;
    throw badName(problem === 'not printable' ? said : `one of ${[...name].length}`);
  }
  const repeated = indexOfRepeated(names);
  if (repeated >= 0) throw new WhosaidError('known_speaker_repeated', { number: repeated + 1 });
  return names;
}

function badName(received: string): WhosaidError {
  const params: ErrorParams = {
    param: 'known_speaker_names',
    expected: `names of 1 to ${MAX_NAME_CHARACTERS} printable characters`,
    received,
  };
  return new WhosaidError('field_invalid', params);
}
