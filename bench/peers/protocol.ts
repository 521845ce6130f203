import type { SpeakerTurn } from '#utils/transcript/types.js';
import type { SherpaModel } from '../asr/sherpa-protocol.js';
import type { TimedWord } from '../scoring/word-starts.js';
import type { SpeakerModels } from '../speakers/sherpa-protocol.js';

/** Messages between the bench and the processes that it compares. Paths are those of 16 kHz mono WAV files. */

export type SpokenWord = TimedWord & { readonly speaker?: string };

/** What was heard in a recording, as far as it was asked for. */
export type Heard = {
  readonly words?: readonly SpokenWord[];
  readonly turns?: readonly SpeakerTurn[];
};

export type Failed = { readonly type: 'failed'; readonly message: string };
export type FromPeer = { readonly type: 'ready' } | ({ readonly type: 'heard' } & Heard) | Failed;

/** What is asked of any of them; `beam` is for those that have one. */
export type Task =
  | { readonly type: 'recognise'; readonly path: string; readonly beam?: number }
  | { readonly type: 'diarize'; readonly path: string }
  /** Words with speakers. */
  | { readonly type: 'transcribe'; readonly path: string };

/** python/serve.py */
export type ToPython =
  | ({
      readonly type: 'load';
      readonly threads: number;
      readonly threshold: number;
    } & SpeakerModels)
  | Task;

/** senko/serve.py */
export type ToSenko = { readonly type: 'load' } | Task;

/** node-peer-main.ts */
export type ToNodePeer =
  | {
      readonly type: 'load';
      readonly recogniser: SherpaModel;
      readonly detector: string;
      readonly speakers: SpeakerModels;
      readonly threads: number;
      readonly threshold: number;
    }
  | Task;

/** our-engines-main.ts; `models` times the models alone on what a whole transcription asks of them. */
export type ToOurEngines =
  | { readonly type: 'load' }
  | Task
  | { readonly type: 'models'; readonly path: string };

/** Where the models are that theirs and ours share. */
export type SharedModels = {
  readonly recogniser: SherpaModel;
  readonly detector: string;
  readonly speakers: SpeakerModels;
  /** Of ours in all; theirs get as many. */
  readonly threads: number;
};

export type FromOurEngines =
  | (FromPeer & { readonly type: 'heard' | 'failed' })
  | ({ readonly type: 'ready' } & SharedModels)
  | ({ readonly type: 'models' } & ModelTimes);

/** The models alone, one kind after the other, with nothing else to do. Seconds. */
export type ModelTimes = {
  /** Of all engine processes. */
  readonly cpuSeconds: number;
  readonly kinds: readonly {
    readonly name: string;
    readonly wallSeconds: number;
    readonly cpuSeconds: number;
  }[];
};
