import type { RecogniseOptions } from '#services/asr/types.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';
import type { TranscribeRequest, VadOptions } from '#services/transcription/types.js';
import { chooseNormalisation, type NormalisationChoice } from './choose-normalisation.js';
import {
  chooseVocabulary,
  type Vocabulary,
  type VocabularySettings,
  type VocabularyWishes,
} from './choose-vocabulary.js';
import { checkLanguages } from './routes/language-check.js';
import { type RequestModelOptions, requestModel } from './routes/request-model.js';
import {
  type FollowedLanguage,
  type FollowLanguageDeps,
  followLanguage,
  needsRecording,
} from './spoken-language/follow-language.js';

/** What a request says about recognition. */
export type RecognitionWishes = Required<Pick<RecogniseOptions, 'task' | 'logprobs'>> &
  VocabularyWishes & {
    /** As sent. */
    readonly model: string;
    /** ISO 639-1 codes; never both. */
    readonly language?: string | undefined;
    readonly languages?: readonly string[] | undefined;
    readonly vad?: VadOptions | undefined;
    /** Numbers in figures, or in words; absent: as the operator wants it. */
    readonly inverseNormalisation?: boolean | undefined;
  };

type Settings = VocabularySettings & { readonly inverseNormalisation: boolean };

/** Which model hears a recording, and what it is told. */
export type Recogniser = {
  readonly entry: ModelEntry;
  readonly recognition: RecogniseOptions & Pick<TranscribeRequest, 'vad' | 'spelling'>;
  readonly vocabulary: Vocabulary;
  /** Whether numbers are written in figures. */
  readonly normalisation: NormalisationChoice;
  /** Present where the language was listened for. */
  readonly followed?: FollowedLanguage;
};

export type RecogniserChoice = {
  /** What is known before the recording is: another model may follow the language. */
  readonly first: Recogniser;
  /** The model's id asks for speakers. */
  readonly diarize: boolean;
  /** The language of the recording decides. */
  readonly isOpen: boolean;
  /**
   * What holds for a recording. Listens for its language where that decides. Throws `language_not_installed`, what the
   * decoder and the engine throw.
   */
  settle(
    recording: { readonly path: string; readonly signal: AbortSignal },
    deps: FollowLanguageDeps,
  ): Promise<Recogniser>;
};

/** @throws WhosaidError of `requestModel`, or `language_unsupported` */
export async function chooseRecogniser(
  request: RecognitionWishes,
  {
    models,
    settings,
  }: {
    readonly models: Omit<RequestModelOptions['context'], 'defaultModel'>;
    readonly settings: Settings & { readonly model: string };
  },
): Promise<RecogniserChoice> {
  // What is returned must not hold the rest of a request: voices that were sent along take a hundred megabytes.
  const wishes = wishesOf(request);
  const { model: id, task, logprobs, language } = wishes;
  const languages = language === undefined ? (wishes.languages ?? []) : [language];
  const context = { ...models, defaultModel: settings.model };
  const asked = await requestModel({ id, task, languages, logprobs, context });
  const { entry } = asked;
  const param = language === undefined ? 'languages' : 'language';
  await checkLanguages({ ...models, entry, param, languages });
  const first = recogniserOf(wishes, { entry, settings });
  const isOpen = languages.length === 0 && (await needsRecording(asked, models));
  return {
    first,
    diarize: asked.diarize,
    isOpen,
    async settle(recording, deps) {
      if (!isOpen) return first;
      const followed = await followLanguage(asked, { ...recording, models, deps });
      const own = { ...wishes, ...(followed.hint !== undefined && { language: followed.hint }) };
      return { ...recogniserOf(own, { entry: followed.entry, settings }), followed };
    },
  };
}

function wishesOf({
  model,
  task,
  logprobs,
  language,
  languages,
  prompt,
  keywords,
  spellingCorrection,
  vad,
  inverseNormalisation,
}: RecognitionWishes): RecognitionWishes {
  const words = { prompt, keywords, spellingCorrection };
  return { model, task, logprobs, language, languages, vad, inverseNormalisation, ...words };
}

function recogniserOf(
  wishes: RecognitionWishes,
  about: { readonly entry: ModelEntry; readonly settings: Settings },
): Recogniser {
  const { language, languages, task, logprobs, vad } = wishes;
  const vocabulary = chooseVocabulary(wishes, { ...about, language });
  const normalisation = chooseNormalisation(wishes.inverseNormalisation, about);
  return {
    entry: about.entry,
    vocabulary,
    normalisation,
    recognition: {
      task,
      logprobs,
      ...(language !== undefined && { language }),
      ...(languages !== undefined && { languages }),
      ...(vad !== undefined && { vad }),
      ...normalisation.told,
      ...vocabulary.recognition,
    },
  };
}
