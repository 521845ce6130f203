import { indexOfRepeated, MAX_NAME_CHARACTERS, nameProblem } from '../speaker-rules.js';
import { UsageError } from './report-failure.js';

const MAX_NAME_BYTES = 100;

/** @throws UsageError for names that cannot stand in front of lines and cues, and for one that comes twice */
export function checkSpeakerNames(names: readonly string[]): void {
  const wrong = names.find((name) => nameProblem(name) !== undefined);
  if (wrong !== undefined)
    throw new UsageError(
      `${JSON.stringify(wrong)} is no name for a speaker; expected 1 to ${MAX_NAME_CHARACTERS} characters without line breaks.`,
    );
  const repeated = names[indexOfRepeated(names)];
  if (repeated !== undefined)
    throw new UsageError(
      `Two speakers are called ${JSON.stringify(repeated)}. Name each differently.`,
    );
}

/**
 * Names of stored voices are names of files too, on any system: letters, digits, and between them space, full stop,
 * apostrophe, hyphen and underscore. So none leads out of the folder or is hidden.
 * @returns the name in the form that is stored
 * @throws UsageError
 */
export function voiceName(text: string): string {
  const name = text.trim().normalize('NFC');
  const isPlain = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} .'’_-]*[\p{L}\p{M}\p{N}])?$/u.test(name);
  if (isPlain && Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  throw new UsageError(
    `${JSON.stringify(text)} cannot be the name of a stored voice; expected letters and digits, with spaces, full stops, hyphens, apostrophes or underscores between them, at most ${MAX_NAME_BYTES} bytes.`,
  );
}
