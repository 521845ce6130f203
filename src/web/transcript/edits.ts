/**
 * What somebody has changed in a transcript: plain data, kept by the page and applied by `applyEdits`. Read fields only
 * by `Object.hasOwn`: a speaker may be called `constructor`.
 */
export type Edits = {
  /** What speakers are called now, by the names that they were given first. Two with the same name are one person. */
  readonly speakers: Readonly<Record<string, string>>;
  /** Corrected words by their `wordKey`; an empty text means that nothing was said there. */
  readonly words: Readonly<Record<string, string>>;
};

/** A word's place in the transcript as it was recognised, which corrections do not change. */
export type WordPlace = {
  /** Id of the segment. */
  readonly segment: number;
  /** Index in the segment. */
  readonly word: number;
};

/** A transcript as it was recognised. */
export const noEdits: Edits = { speakers: {}, words: {} };

/** What the speaker who was called `name` first is called now. */
export function currentName(edits: Edits, name: string): string {
  return Object.hasOwn(edits.speakers, name) ? (edits.speakers[name] ?? name) : name;
}

export function wordKey({ segment, word }: WordPlace): string {
  return `${segment}:${word}`;
}

/**
 * Calls everybody among `names` (as they were given first) `to`. Where somebody else is called so, they become one
 * person: that is how speakers are merged. White space is made single; an empty name changes nothing.
 */
export function withSpeakersCalled(edits: Edits, names: readonly string[], to: string): Edits {
  const name = to.replace(/\s+/gu, ' ').trim();
  if (name === '' || names.every((each) => currentName(edits, each) === name)) return edits;
  const changed = new Map(Object.entries(edits.speakers));
  for (const each of names) {
    if (each === name) changed.delete(each);
    else changed.set(each, name);
  }
  return { ...edits, speakers: Object.fromEntries(changed) };
}

/** Writes another text at a word's place. `original` is the text there as it was recognised. */
export function withWordCorrected(
  edits: Edits,
  { place, original, text }: { place: WordPlace; original: string; text: string },
): Edits {
  const corrected = text.replace(/\s+/gu, ' ').trim();
  const key = wordKey(place);
  const { [key]: before = original, ...others } = edits.words;
  if (corrected === before) return edits;
  return { ...edits, words: corrected === original ? others : { ...others, [key]: corrected } };
}

/** Corrections by segment, then by word. */
export function correctionsOf(edits: Edits): ReadonlyMap<number, ReadonlyMap<number, string>> {
  const bySegment = new Map<number, Map<number, string>>();
  for (const [key, text] of Object.entries(edits.words)) {
    const [segment = -1, word = -1] = key.split(':').map(Number);
    const ofSegment = bySegment.get(segment) ?? new Map<number, string>();
    bySegment.set(segment, ofSegment.set(word, text));
  }
  return bySegment;
}
