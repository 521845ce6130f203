/**
 * How the client of a realtime session wants it, as far as it said: names of fields are those on the wire, in OpenAI's
 * GA shape. Plain data, so that a client secret can hold it.
 */
export type SessionSettings = {
  readonly format: AudioFormat;
  /** null: the default model, without a word about what is spoken. */
  readonly transcription: TranscriptionWishes | null;
  /** Kept and told, without effect: sound is recognised as it comes. */
  readonly noiseReduction: { readonly type: NoiseReduction } | null;
  /** null: utterances end where the client commits them. */
  readonly turnDetection: TurnDetectionWishes | null;
  readonly include: readonly Include[] | null;
};

/** How sound comes: one channel, samples of 16 bit in little-endian order, or G.711 at 8000 Hz. */
export type AudioFormat =
  | { readonly type: 'audio/pcm'; readonly rate: PcmRate }
  | { readonly type: 'audio/pcmu' }
  | { readonly type: 'audio/pcma' };

/** Those that microphones, telephones and files have: a filter is kept for each that is in use. */
export const PCM_RATES = [
  8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000,
] as const;
export type PcmRate = (typeof PCM_RATES)[number];

export type TranscriptionWishes = {
  readonly model?: string;
  /** As sent. */
  readonly language?: string;
  readonly prompt?: string;
  /** How long OpenAI's streaming model waits for more before it tells text; without effect here. */
  readonly delay?: Delay;
  /** Fields of ours, as in HTTP requests. */
  readonly languages?: readonly string[];
  readonly keywords?: readonly string[];
  readonly diarize?: boolean;
  readonly known_speaker_names?: readonly string[];
  readonly known_speaker_references?: readonly string[];
};

export const DELAYS = ['minimal', 'low', 'medium', 'high', 'xhigh'] as const;
export type Delay = (typeof DELAYS)[number];

export const NOISE_REDUCTIONS = ['near_field', 'far_field'] as const;
export type NoiseReduction = (typeof NOISE_REDUCTIONS)[number];

export type TurnDetectionWishes =
  | {
      readonly type: 'server_vad';
      /** Speech probability from which sound counts as speech. */
      readonly threshold: number;
      readonly prefix_padding_ms: number;
      readonly silence_duration_ms: number;
    }
  /** By the length of the silence, too: no model here judges whether somebody has finished. */
  | { readonly type: 'semantic_vad'; readonly eagerness: Eagerness };

export const EAGERNESSES = ['low', 'medium', 'high', 'auto'] as const;
export type Eagerness = (typeof EAGERNESSES)[number];

export const LOGPROBS = 'item.input_audio_transcription.logprobs';
export type Include = typeof LOGPROBS;

/** What OpenAI's session says when nobody has said anything. */
export const DEFAULT_TURN_DETECTION: TurnDetectionWishes = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 200,
};

export const DEFAULT_SETTINGS: SessionSettings = {
  format: { type: 'audio/pcm', rate: 24_000 },
  transcription: null,
  noiseReduction: null,
  turnDetection: DEFAULT_TURN_DETECTION,
  include: null,
};
