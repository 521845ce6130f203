import type { SpeakerTurn } from '#utils/transcript/types.js';

/** Messages between the bench and the child that runs sherpa-onnx-node's diarization. */

export type SpeakerModels = {
  readonly segmentation: string;
  readonly embedding: string;
};

export type ToSherpa =
  | {
      readonly type: 'load';
      readonly models: SpeakerModels;
      /** Of each model; they work one after the other. */
      readonly threads: number;
      /** Distance at which clusters are no longer joined. */
      readonly threshold: number;
    }
  /** 16 kHz mono. */
  | { readonly type: 'diarize'; readonly samples: Int16Array };

export type FromSherpa =
  | { readonly type: 'ready' }
  | {
      readonly type: 'diarized';
      readonly elapsedMs: number;
      readonly turns: readonly SpeakerTurn[];
    };
