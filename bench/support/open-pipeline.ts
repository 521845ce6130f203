import { join } from 'node:path';
import { loadSettings, type Settings } from '#config/settings.js';
import type { SpeechService } from '#services/asr/types.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { transcribe } from '#services/transcription/pipeline.js';
import { createRuntime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { SherpaModel } from '../asr/sherpa-protocol.js';
import { decodeAll } from './decode-all.js';

/** The pipeline of the server with its engine hosts running, without HTTP. */
export type OpenPipeline = {
  readonly settings: Settings;
  readonly decoder: AudioDecoder;
  readonly speech: SpeechService;
  /** Transcribes a file as the server does; `speech` replaces the service, to watch what is asked of it. */
  transcribe(path: string, speech?: SpeechService): Promise<Transcript>;
  /** All of a recording, 16 kHz mono. */
  decode(path: string): Promise<Int16Array>;
  /** Where the default model's files are, for sherpa-onnx-node. */
  sherpaModel(): Promise<SherpaModel>;
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
  const speech = runtime.manager.speech();
  return {
    settings: all,
    decoder: runtime.decoder,
    speech,
    async transcribe(path, watched = speech) {
      const events = transcribe(
        { path },
        {
          decoder: runtime.decoder,
          speech: watched,
          speakers: runtime.manager.speakers(),
          chunkSeconds: all.chunkSeconds,
          chunkOverlapSeconds: all.chunkOverlapSeconds,
        },
      );
      for await (const event of events) {
        if (event.type === 'done') return event.transcript;
      }
      throw new Error('The pipeline ended without a transcript.');
    },
    decode: (path) => decodeAll(runtime.decoder, path),
    async sherpaModel() {
      const folder = await runtime.store.path(all.model);
      return {
        encoder: join(folder, 'encoder_model.onnx'),
        decoder: join(folder, 'decoder_model_merged.onnx'),
        tokens: join(folder, 'tokens.txt'),
      };
    },
    close: () => runtime.dispose(),
  };
}
