/** Where the files of a punctuation model are. Plain data: it crosses processes. */
export type PunctuationSpec = {
  readonly family: string;
  readonly modelId: string;
  /** Absolute. */
  readonly modelDir: string;
  /** File names below that folder. */
  readonly modelFiles: readonly string[];
  /** Languages that it is used for, ISO 639 codes. */
  readonly languages: readonly string[];
};

/** How a word is to be written: as it came, in small letters, with a capital first, or in capitals. */
export type Casing = 'kept' | 'lower' | 'capital' | 'upper';

/** What a model says about one word. */
export type Marking = {
  /** What stands behind the word, as the model writes it: `,`, `.`, `?`, `，`, `。`, `？`, `、`; empty for nothing. */
  readonly mark: string;
  readonly casing: Casing;
};

/** A punctuation model loaded in this process. */
export type PunctuationModel = {
  /**
   * One marking for each word, in order. Undefined where the model's answer does not fit the words: they stay as they
   * are then.
   */
  markingsOf(words: readonly string[]): readonly Marking[] | undefined;
};
