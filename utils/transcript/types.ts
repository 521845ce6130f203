/**
 * The words of the project, as types. Times are seconds from the start of the recording.
 */

/** One token of a word with how sure the recogniser was of it. */
export type TokenPiece = {
  /** The token's text in UTF-8, the space before a word included; a token may end inside a character. */
  readonly bytes: Uint8Array;
  /** Natural-log probability. */
  readonly logprob: number;
};

/** One recognised word. `text` has no surrounding white space; punctuation stays attached to its word. */
export type Word = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Probability of the word's tokens under the recogniser, 0 to 1 (geometric mean over its tokens). */
  readonly confidence: number;
  /** How many of the segment's tokens make up this word, where the engine says; lets a segment be cut between words. */
  readonly tokenCount?: number;
  /** Its tokens one by one, where a request asked for log-probabilities. */
  readonly pieces?: readonly TokenPiece[];
  /** Who said it: a name of `Transcript.speakers`. Present when speakers were asked for and the word has one. */
  readonly speaker?: string;
};

/** A stretch of speech between two pauses with what was recognised in it. */
export type Segment = {
  /** 0, 1, 2 … in order of time. */
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Trimmed text. */
  readonly text: string;
  readonly words: readonly Word[];
  /** The recogniser's own token ids. */
  readonly tokens: readonly number[];
  /** Sampling temperature the text was decoded at; 0 is greedy. */
  readonly temperature: number;
  /** Mean natural-log probability of the tokens. */
  readonly avgLogprob: number;
  /** Length of the UTF-8 text over its zlib-compressed length; high values mean repetition. */
  readonly compressionRatio: number;
  /** Probability that the stretch holds no speech, 0 to 1. */
  readonly noSpeechProb: number;
  /** ISO 639-1 code of the language that the recogniser took it for; absent in transcripts kept by earlier versions. */
  readonly language?: string;
  /** Who said all of it. Present when speakers were asked for: a segment never spans two speakers. */
  readonly speaker?: string;
};

/** A stretch in which one speaker is heard without a pause worth mentioning. Turns of different speakers may overlap. */
export type SpeakerTurn = {
  readonly start: number;
  readonly end: number;
  /** A name of `Transcript.speakers`. */
  readonly speaker: string;
};

/** One person of the recording. */
export type Speaker = {
  /** The known name, otherwise `A`, `B` … in the order in which they say their first word. */
  readonly name: string;
  /** Seconds in which this speaker is heard. */
  readonly seconds: number;
};

/** Everything known about a recording once it is done. */
export type Transcript = {
  /** ISO 639-1 code, for example `en`. */
  readonly language: string;
  /** Every language that was recognised, the one with the most speech first; as many as the engine told apart. */
  readonly languages: readonly string[];
  /** Length of the decoded audio in seconds (never a container's claim). */
  readonly duration: number;
  /** Texts of the segments joined with one space. */
  readonly text: string;
  readonly segments: readonly Segment[];
  /** Present when speakers were asked for; in the order in which they say their first word, those without one last. */
  readonly speakers?: readonly Speaker[];
  /** Present when speakers were asked for; ordered by start. */
  readonly turns?: readonly SpeakerTurn[];
};
