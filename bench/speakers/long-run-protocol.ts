import type { SpeakerTurn } from '#utils/transcript/types.js';

/** Messages between the bench and the child that transcribes a long recording. */

export type ToLongRun =
  | { readonly type: 'load' }
  | { readonly type: 'transcribe'; readonly path: string };

export type FromLongRun =
  | { readonly type: 'ready' }
  | {
      readonly type: 'transcribed';
      readonly elapsedMs: number;
      readonly turns: readonly SpeakerTurn[];
    }
  | { readonly type: 'failed'; readonly message: string };
