/** What goes to and fro between a process and its child that encodes: one file after another. */
export type ToFlacChild = {
  /** File of raw samples: signed 16-bit, 16 kHz, mono. */
  readonly pcm: string;
  /** File to write. */
  readonly flac: string;
};

export type FromFlacChild =
  | { readonly type: 'written' }
  | { readonly type: 'failed'; readonly reason: string };
