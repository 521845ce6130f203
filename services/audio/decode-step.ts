export type DecodeStep =
  | {
      readonly type: 'opened';
      readonly claimedSeconds: number | undefined;
      readonly container: string;
      readonly codec: string;
    }
  /** About a second of PCM; the bytes are valid until the next step. */
  | { readonly type: 'pcm'; readonly bytes: Buffer }
  /** A sign of life: bytes of the file read so far. */
  | { readonly type: 'progress'; readonly readBytes: number }
  | { readonly type: 'done'; readonly seconds: number };
