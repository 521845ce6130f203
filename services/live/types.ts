import type { RecogniseOptions } from '#services/asr/types.js';
import type { KnownVoice } from '#services/diarization/types.js';
import type { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Word } from '#utils/transcript/types.js';

/**
 * Transcription of sound while it is being made: what a microphone hears becomes utterances, each with its words, its
 * text as it grows and who said it. The realtime socket is its consumer; it knows nothing of any protocol. Times are
 * seconds since the first sample that was appended.
 */

/** When an utterance begins and ends by itself. */
export type TurnDetection = {
  /** Speech probability from which sound counts as speech, 0 to 1. Default 0.5. */
  readonly threshold: number;
  /** Sound before the first speech that belongs to the utterance. Default 0.3. */
  readonly prefixPaddingSeconds: number;
  /** Silence that ends an utterance. Default 0.2. */
  readonly silenceSeconds: number;
};

/** May be changed between two utterances; what has begun goes on as it began. */
export type LiveSettings = {
  /** Absent: utterances end at `commit()` alone. */
  readonly turnDetection?: TurnDetection;
  readonly recognise: Pick<
    RecogniseOptions,
    'language' | 'languages' | 'prompt' | 'keywords' | 'logprobs'
  >;
  /** Utterances are told with their speakers; absent: without. */
  readonly speakers?: { readonly known: readonly KnownVoice[] };
};

export type LiveEvent =
  /** Turn detection heard the beginning of an utterance; `start` has the padding. */
  | { readonly type: 'speech-started'; readonly utterance: string; readonly start: number }
  | { readonly type: 'speech-stopped'; readonly utterance: string; readonly end: number }
  /** The utterance has all of its sound: by turn detection or by `commit()`. `previous`: the one before it. */
  | {
      readonly type: 'committed';
      readonly utterance: string;
      readonly previous?: string;
      readonly start: number;
      readonly end: number;
    }
  /** Text to append to what was told of this utterance; never taken back. May begin before `committed`. */
  | { readonly type: 'delta'; readonly utterance: string; readonly text: string }
  /** A part of the utterance with one speaker, after the last delta and before `completed`. Only with speakers. */
  | {
      readonly type: 'segment';
      readonly utterance: string;
      readonly id: string;
      readonly start: number;
      readonly end: number;
      readonly text: string;
      /** A known name, or `A`, `B`, … in the order in which they are first heard; stays the same for a person all session long. */
      readonly speaker: string;
    }
  /** The end of each utterance that `failed` does not end; `text` is all deltas together. */
  | {
      readonly type: 'completed';
      readonly utterance: string;
      readonly text: string;
      readonly words: readonly Word[];
      readonly language: string;
      /** Seconds of sound in the utterance. */
      readonly seconds: number;
    }
  | { readonly type: 'failed'; readonly utterance: string; readonly error: WhosaidError };

/** One session. Calls never block; nothing throws but by programming error. */
export interface LiveTranscription {
  /** 16 kHz mono, signed 16 bit; any length. Later than `finish()` or `close()`: ignored. */
  append(samples: Int16Array): void;
  /** Seconds appended that belong to no committed utterance. */
  readonly bufferedSeconds: number;
  /** Seconds of sound that wait for the engines: grows when they cannot keep up. */
  readonly behindSeconds: number;
  /** Ends the utterance here; false if less than 0.1 s is buffered: nothing happens then. */
  commit(): boolean;
  /** Forgets what is buffered and not committed; deltas of an open utterance are followed by no `completed`. */
  clear(): void;
  configure(settings: LiveSettings): void;
  /** In order; ends after `finish()` or `close()`. To be read by one consumer. */
  readonly events: AsyncIterable<LiveEvent>;
  /** No more sound comes: commits what is open if it has speech; resolves when all events have been given. */
  finish(): Promise<void>;
  /** Ends at once; what is under way is cancelled. Idempotent. */
  close(): Promise<void>;
}
