import { UsageError } from './report-failure.js';

const MAX_CHARACTERS = 64;
const MAX_NAME_BYTES = 100;

/**
 * Names stand in front of lines and cues: they have to be short, printable and different.
 * @throws UsageError
 */
export function checkSpeakerNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    const length = [...name].length;
    if (length < 1 || length > MAX_CHARACTERS || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(name))
      throw new UsageError(
        `${JSON.stringify(name)} is no name for a speaker; expected 1 to ${MAX_CHARACTERS} characters without line breaks.`,
      );
    // The same letters may be written as different code points.
    const key = name.normalize('NFC');
    if (seen.has(key))
      throw new UsageError(
        `Two speakers are called ${JSON.stringify(name)}. Name each differently.`,
      );
    seen.add(key);
  }
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
