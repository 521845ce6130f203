/** A file that means no good, or that something bad has happened to. */
export type HostileFile = {
  /** What kind of harm: `cuts`, `references` … */
  readonly family: string;
  /** What was done to what, unique in its family. */
  readonly name: string;
  readonly bytes: Buffer;
};

/** A whole file of one kind, to be spoilt. */
export type GoodFile = {
  readonly name: string;
  /** FFmpeg's name of the container. */
  readonly container: string;
  readonly bytes: Buffer;
};
