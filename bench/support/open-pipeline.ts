import { join } from 'node:path';
import { loadSettings, type Settings } from '#config/settings.js';
import type { SpeechService } from '#services/asr/types.js';
import type { AudioDecoder } from '#services/audio/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import type { Enhancement, EnhanceRequest, Enhancer } from '#services/enhance/types.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { SpeakersRequest } from '#services/transcription/types.js';
import { chooseEnhancement } from '#src/choose-enhancement.js';
import { createRuntime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { SherpaModel } from '../asr/sherpa-protocol.js';
import type { SpeakerModels } from '../speakers/sherpa-protocol.js';
import { decodeAll } from './decode-all.js';

export type BenchTranscribeOptions = {
  /** Present: who spoke is found out as well. */
  readonly speakers?: SpeakersRequest;
  /** Speakers are told while the recording is worked through. */
  readonly live?: boolean;
  /** Noise or music is taken away first. */
  readonly enhance?: EnhanceRequest;
  /** Default: CHUNK_SECONDS. */
  readonly chunkSeconds?: number;
  /** Replaces the service, to watch what is asked of it. */
  readonly speech?: SpeechService;
  /** Replaces the service of speakers, for the same. */
  readonly speakerService?: SpeakerService;
  /** Replaces what enhances, for the same. */
  readonly enhancer?: Enhancer;
};

/** The pipeline of the server with its engine hosts running, without HTTP. */
export type OpenPipeline = {
  readonly settings: Settings;
  readonly decoder: AudioDecoder;
  readonly speech: SpeechService;
  /** Its hosts start with the first call. */
  readonly speakers: SpeakerService;
  /** Its hosts start with the first call. */
  readonly enhancer: Enhancer;
  /** Id of the model for this enhancement. Rejects with `enhancement_not_installed`. */
  enhancementModel(kind: Enhancement): Promise<string>;
  /** Processes of the speaker models. */
  speakerPids(): number[];
  /** Transcribes a file as the server does. */
  transcribe(path: string, options?: BenchTranscribeOptions): Promise<Transcript>;
  /** All of a recording, 16 kHz mono. */
  decode(path: string): Promise<Int16Array>;
  /** Where the default model's files are, for sherpa-onnx-node. */
  sherpaModel(): Promise<SherpaModel>;
  /** Where the speech detector is, for sherpa-onnx-node. */
  detectorModel(): Promise<string>;
  /** Where the speaker models are, for sherpa-onnx-node. */
  speakerModels(): Promise<SpeakerModels>;
  close(): Promise<void>;
};

/**
 * Starts the engines with the settings of the environment, as the server would. `settings` replaces some of them.
 * @throws WhosaidError when the default model is not installed
 */
export async function openPipeline(settings: Partial<Settings> = {}): Promise<OpenPipeline> {
  const all: Settings = { ...loadSettings(), ...settings };
  const runtime = createRuntime({ settings: all, logger: silentLogger });
  try {
    await runtime.manager.start();
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
  const [speech, speakers] = [runtime.manager.speech(), runtime.manager.speakers()];
  const enhancer: Enhancer = (model) => runtime.manager.enhancer(model);
  const { decoder, store } = runtime;
  return {
    settings: all,
    decoder,
    speech,
    speakers,
    enhancer,
    async enhancementModel(kind) {
      const chosen = await chooseEnhancement({ enhance: kind }, { settings: all, ...runtime });
      return (chosen as EnhanceRequest).model;
    },
    speakerPids: () =>
      runtime.manager
        .state()
        .hosts.flatMap(({ role, pid }) => (role === 'speaker' && pid !== undefined ? [pid] : [])),
    async transcribe(path, options = {}) {
      const { speakers: wanted, live, enhance } = options;
      const events = transcribe(
        {
          path,
          ...(wanted !== undefined && { speakers: wanted }),
          ...(live !== undefined && { live }),
          ...(enhance !== undefined && { enhance }),
        },
        {
          decoder,
          speech: options.speech ?? speech,
          speakers: options.speakerService ?? speakers,
          enhancer: options.enhancer ?? enhancer,
          chunkSeconds: options.chunkSeconds ?? all.chunkSeconds,
          chunkOverlapSeconds: all.chunkOverlapSeconds,
        },
      );
      for await (const event of events) {
        if (event.type === 'done') return event.transcript;
      }
      throw new Error('The pipeline ended without a transcript.');
    },
    decode: (path) => decodeAll(decoder, path),
    async sherpaModel() {
      const folder = await store.path(all.model);
      return {
        encoder: join(folder, 'encoder_model.onnx'),
        decoder: join(folder, 'decoder_model_merged.onnx'),
        tokens: join(folder, 'tokens.txt'),
      };
    },
    detectorModel: async () => join(await store.path('silero-vad'), 'silero_vad_v6.onnx'),
    async speakerModels() {
      const file = async (id: string) => join(await store.path(id), `${id}.onnx`);
      return {
        segmentation: await file('segmentation-3.0'),
        embedding: await file('campplus-zh-en-advanced'),
      };
    },
    close: () => runtime.dispose(),
  };
}
