/** Nobody nests fields deeper; readers that go down into what they get need an end. */
const MAX_DEPTH = 8;
/** Brackets, commas, numbers and so on outside of strings: more than all fields there are could need. */
const MAX_STRUCTURE_CHARACTERS = 10_000;

/** What a text in JSON says, or what is wrong with it; completes "received …". */
export type JsonReading =
  | { readonly value: unknown }
  | { readonly problem: 'broken JSON' | 'JSON that is nested too deeply or too long' };

/**
 * Reads JSON of a client whose text may be megabytes of anything. Its strings may be as long as they are; what stands
 * around them is looked at before it is parsed, since `[[[…` takes sixty times its length in memory. `revive` is what
 * `JSON.parse` takes.
 */
export function readPlainJson(
  text: string,
  revive?: (name: string, value: unknown) => unknown,
): JsonReading {
  if (!isPlain(text)) return { problem: 'JSON that is nested too deeply or too long' };
  try {
    return { value: JSON.parse(text, revive) };
  } catch {
    return { problem: 'broken JSON' };
  }
}

function isPlain(text: string): boolean {
  let depth = 0;
  let structureCharacters = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at);
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    structureCharacters++;
    if (depth > MAX_DEPTH || structureCharacters > MAX_STRUCTURE_CHARACTERS) return false;
  }
  return true;
}

/** Where the string ends that begins at `from`: its closing quote, or the end of the text. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
