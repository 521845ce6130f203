import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  type AsrEngine,
  type RecognisedSegment,
  type RecogniseOptions,
  SAMPLE_RATE,
} from '../types.js';
import { addAttention, untimedWords } from './add-attention.js';
import { MAX_SECONDS, openWhisper } from './decode.js';
import { readWhisperFiles, type WhisperFiles } from './model-files.js';
import { decodeSegment, readSegment } from './read-segment.js';

/**
 * OpenAI's Whisper (https://arxiv.org/abs/2212.04356) in sherpa-onnx: greedy, one segment after the other, with word
 * times from cross-attention where the export has it.
 *
 * Each segment has its own language, asked for or detected; that of a translation is English. `prompt` and `keywords`
 * are ignored: sherpa-onnx has no way to give them to Whisper. There are no log-probabilities either: `avgLogprob` is 0
 * and `confidence` 1 throughout.
 *
 * @throws WhosaidError `engine_unavailable` naming the file that sherpa-onnx could not use.
 */
export async function createWhisperEngine(options: {
  readonly modelId: string;
  readonly modelDir: string;
  readonly modelFiles: readonly string[];
  readonly threads: number;
  readonly tempDir: string;
}): Promise<AsrEngine> {
  const { modelId, modelDir, modelFiles, threads, tempDir } = options;
  const { files, notes } = await withTokenTimes(
    modelId,
    await readWhisperFiles({ modelId, modelDir, files: modelFiles }),
  );
  const model = await openWhisper({ files, threads, tempDir });
  return {
    notes,
    async recognise(segments, options, call) {
      checkOptions({ modelId, files, options });
      const reader = { model, files, options, signal: call?.signal };
      const results: RecognisedSegment[] = [];
      for (const segment of segments) {
        results.push(await readSegment(reader, segment));
        call?.onProgress?.();
      }
      return results;
    },
    async detectLanguage({ samples }) {
      const segment = { samples: samples.subarray(0, MAX_SECONDS * SAMPLE_RATE) };
      const reader = { model, files, options: {} };
      return { language: (await decodeSegment(reader, segment)).language };
    },
    // Native memory is freed with the process: sherpa-onnx knows no other way.
    dispose: async () => {},
  };
}

/** The same model with a decoder that says where it looked; a note where there is none. */
async function withTokenTimes(
  modelId: string,
  files: WhisperFiles,
): Promise<{ files: WhisperFiles; notes: readonly string[] }> {
  if (files.hasTokenTimes) return { files, notes: [] };
  const attention = await addAttention(files);
  return 'missing' in attention
    ? { files, notes: [untimedWords(modelId, attention.missing)] }
    : { files: { ...files, decoder: attention.decoder, hasTokenTimes: true }, notes: [] };
}

function checkOptions({
  modelId,
  files: { languages },
  options: { language, task },
}: {
  readonly modelId: string;
  readonly files: WhisperFiles;
  readonly options: RecogniseOptions;
}): void {
  const isEnglishOnly = languages.length === 0;
  if (isEnglishOnly && task === 'translate')
    throw new WhosaidError('engine_failed', { reason: `model '${modelId}' does not translate` });
  const known = isEnglishOnly ? ['en'] : languages;
  // sherpa ends the process over a language that the model does not know.
  if (language !== undefined && !known.includes(language))
    throw new WhosaidError('engine_failed', {
      reason: `model '${modelId}' does not know the language '${language}'`,
    });
}
