import type { Enhancement } from '#services/enhance/types.js';
import { resolveModel } from '#services/model-manager/aliases.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';
import type { AppDeps } from '../app-deps.js';
import { installedEnhancements } from '../choose-enhancement.js';

export type ModelObjectDeps = Pick<
  AppDeps,
  'catalogue' | 'store' | 'aliases' | 'settings' | 'manager' | 'startedAt'
>;

/** A model in OpenAI's shape, and `whosaid` beside it where the model that the id means is installed. */
export async function modelObject(id: string, deps: ModelObjectDeps): Promise<object> {
  const context = { ...deps, defaultModel: deps.settings.model };
  const meant = await resolveModel(id, context).catch(() => undefined);
  return {
    id,
    object: 'model',
    created: Math.floor(deps.startedAt.getTime() / 1000),
    owned_by: 'whosaid',
    ...(meant && {
      whosaid: aboutModel(meant, { ...deps, enhance: await installedEnhancements(deps) }),
    }),
  };
}

function aboutModel(
  { entry, diarize }: { entry: ModelEntry; diarize: boolean },
  { manager, settings, enhance }: ModelObjectDeps & { readonly enhance: readonly Enhancement[] },
): object {
  const { capabilities, limits } = entry;
  const { pools, modelName } = manager.state();
  const pool = pools.find(({ role, model }) => role === 'speech' && model === entry.id);
  const isUsable = ({ state }: { state: string }) => state === 'ready' || state === 'busy';
  return {
    model: entry.id,
    name: entry.name,
    family: entry.family,
    licence: entry.licence,
    languages: entry.languages,
    capabilities: {
      word_times: capabilities.wordTimes,
      translation: capabilities.translation,
      language_detection: capabilities.languageDetection,
      streaming: capabilities.streaming,
      punctuation: capabilities.punctuation,
      inverse_text_normalization: capabilities.inverseNormalisation,
      logprobs: capabilities.logprobs,
      prompt: capabilities.prompt,
      keywords: capabilities.hotwords,
      speakers: settings.speakerDiarization !== 'never',
      enhance,
    },
    max_segment_seconds: limits.maxSegmentSeconds ?? null,
    default: entry.id === modelName,
    asks_for_speakers: diarize,
    loaded: pool?.hosts.some(isUsable) ?? false,
  };
}
