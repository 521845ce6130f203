import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  type AsrEngine,
  type RecognisedSegment,
  type RecogniseOptions,
  SAMPLE_RATE,
} from '../types.js';
import { families } from './families.js';
import type { SherpaFamily, SherpaModel } from './family.js';
import { readSherpaModel, type SherpaFolder } from './model-files.js';
import { decodeSegment, readSegment } from './read-segment.js';
import { openRecogniser } from './recogniser.js';

/**
 * A model of any family that `families` has a record of, in sherpa-onnx: one segment after the other.
 *
 * What each family gives, and what stands in for what it does not: docs/decisions/sherpa-families.md.
 *
 * @throws WhosaidError `engine_unavailable` naming the file that sherpa-onnx could not use.
 */
export async function createSherpaEngine(
  options: SherpaFolder & {
    readonly family: string;
    readonly threads: number;
    readonly tempDir: string;
  },
): Promise<AsrEngine> {
  const { threads, tempDir } = options;
  const family = families[options.family] as SherpaFamily;
  const model = await readSherpaModel(family, options);
  const recogniser = await openRecogniser({ family, model, threads, tempDir });
  const languages = family.languages?.(model) ?? model.languages;
  const about = { family, model, languages };
  return {
    async recognise(segments, wanted, call) {
      checkOptions(about, wanted);
      const reader = { recogniser, ...about, options: wanted, signal: call?.signal };
      const results: RecognisedSegment[] = [];
      for (const segment of segments) {
        results.push(await readSegment(reader, segment));
        call?.onProgress?.();
      }
      return results;
    },
    async detectLanguage({ samples }) {
      if (!family.detectsLanguage) return { language: onlyLanguage(model.modelId, languages) };
      const segment = { samples: samples.subarray(0, family.maxSeconds * SAMPLE_RATE) };
      const { language } = await decodeSegment({ recogniser, ...about, options: {} }, segment);
      return { language };
    },
    // Native memory is freed with the process: sherpa-onnx knows no other way.
    dispose: async () => {},
  };
}

function onlyLanguage(modelId: string, languages: readonly string[]): string {
  const [language, another] = languages;
  if (language !== undefined && another === undefined) return language;
  const reason = `model '${modelId}' does not tell which language is spoken; name it, or install a model that does`;
  throw new WhosaidError('engine_failed', { reason });
}

function checkOptions(
  {
    family,
    model: { modelId },
    languages,
  }: { family: SherpaFamily; model: SherpaModel; languages: readonly string[] },
  { language, task }: RecogniseOptions,
): void {
  if (task === 'translate' && !family.translates)
    throw new WhosaidError('engine_failed', { reason: `model '${modelId}' does not translate` });
  if (language !== undefined && languages.length > 0 && !languages.includes(language))
    throw new WhosaidError('engine_failed', {
      reason: `model '${modelId}' does not know the language '${language}'`,
    });
}
