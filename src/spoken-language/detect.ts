import type { DetectedLanguage } from '#services/asr/types.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';
import type { AppDeps } from '../app-deps.js';
import { type FirstSpeechOptions, firstSpeech } from './first-speech.js';

/** What works on a recording. */
export type SpokenLanguageDeps = Pick<AppDeps, 'decoder'> & {
  readonly manager: Pick<AppDeps['manager'], 'speech'>;
};

/**
 * The language of the first speech in a recording; undefined where nobody speaks. Throws what the decoder and the engine
 * throw.
 */
export async function detectSpokenLanguage(
  options: Pick<FirstSpeechOptions, 'path' | 'withinSeconds' | 'signal'> & {
    /** Id of a model that tells languages apart. */
    readonly model: string;
  },
  { decoder, manager }: SpokenLanguageDeps,
): Promise<DetectedLanguage | undefined> {
  const { model, signal, ...recording } = options;
  const speech = manager.speech(model);
  const samples = await firstSpeech({ ...recording, decoder, speech, signal });
  return samples && speech.detectLanguage({ samples }, { signal });
}

/**
 * The installed model that is asked for languages: the one that knows most of them, of several the default one, which is
 * loaded, else the smallest.
 */
export async function installedDetector(
  usual: ModelEntry,
  {
    catalogue,
    store,
  }: Pick<AppDeps, 'catalogue'> & { readonly store: Pick<AppDeps['store'], 'isInstalled'> },
): Promise<ModelEntry | undefined> {
  const able = catalogue.entries
    .filter(({ task, capabilities }) => task === 'asr' && capabilities.languageDetection)
    .sort(
      (one, other) =>
        other.languages.length - one.languages.length ||
        Number(other.id === usual.id) - Number(one.id === usual.id) ||
        (one.bytes ?? 0) - (other.bytes ?? 0),
    );
  for (const entry of able) if (await store.isInstalled(entry.id)) return entry;
  return undefined;
}
