import type { ModelEntry } from '#services/model-manager/catalogue.js';
import type { TranscribeRequest } from '#services/transcription/types.js';
import { phrasesOfPrompt } from '#services/vocabulary/phrases-of-prompt.js';

/** What the operator wants for those who say nothing. */
export type VocabularySettings = { readonly spellingCorrection: boolean };

export type VocabularyWishes = {
  readonly prompt?: string | undefined;
  readonly keywords?: readonly string[] | undefined;
  /** Near misses are to be corrected where the model takes no words; absent: as the operator wants it. */
  readonly spellingCorrection?: boolean | undefined;
};

export type Vocabulary = {
  /** What the pipeline is told. */
  readonly recognition: Pick<TranscribeRequest, 'prompt' | 'keywords' | 'spelling'>;
  /** What is done with what was sent, for the answer and for people; absent where nothing was sent. */
  readonly applied?: string;
};

/** Written without spaces between words, which spelling correction goes by. */
const WITHOUT_SPACES: readonly string[] = ['zh', 'yue', 'ja', 'th', 'lo', 'km', 'my', 'bo'];

/**
 * What becomes of a prompt and of keywords: a model that can be told words is (hotwords), one that reads prompts is given
 * the prompt; elsewhere what is nearly one of the words is written as it (spelling), if that is wanted. Where there are no
 * keywords, the names in the prompt are the words.
 */
export function chooseVocabulary(
  wishes: VocabularyWishes,
  about: {
    readonly entry: Pick<ModelEntry, 'id' | 'capabilities' | 'languages'>;
    /** ISO 639-1 code of what is spoken, where it is known. */
    readonly language?: string | undefined;
    readonly settings: VocabularySettings;
  },
): Vocabulary {
  const { prompt, keywords = [] } = wishes;
  const { entry, settings } = about;
  const { capabilities } = entry;
  const isWanted = wishes.spellingCorrection ?? settings.spellingCorrection;
  if (prompt === undefined && keywords.length === 0)
    return wishes.spellingCorrection === true
      ? none('neither prompt nor keywords[] was sent')
      : nothing;
  const own = capabilities.prompt && prompt !== undefined ? { prompt } : {};
  const names = prompt === undefined || capabilities.prompt ? [] : phrasesOfPrompt(prompt);
  const phrases = [...new Set([...keywords, ...names])];
  const done = 'prompt' in own ? ['prompt'] : [];
  if (phrases.length === 0)
    return done.length > 0 ? applied(own, done) : none('no names or rare words in the prompt');
  if (capabilities.hotwords) return applied({ ...own, keywords: phrases }, [...done, 'hotwords']);
  const reason = whyNotSpelling(isWanted, about);
  if (reason === undefined) return applied({ ...own, spelling: phrases }, [...done, 'spelling']);
  return done.length > 0 ? applied(own, done) : none(reason);
}

const nothing: Vocabulary = { recognition: {} };

function applied(recognition: Vocabulary['recognition'], how: readonly string[]): Vocabulary {
  return { recognition, applied: how.join(', ') };
}

function none(reason: string): Vocabulary {
  return { recognition: {}, applied: `none; reason="${reason}"` };
}

function whyNotSpelling(
  isWanted: boolean,
  {
    entry,
    language,
  }: { entry: Pick<ModelEntry, 'id' | 'languages'>; language?: string | undefined },
): string | undefined {
  if (!isWanted) return `${entry.id} cannot be told words, and spelling_correction is off`;
  const spoken = language === undefined ? entry.languages : [language];
  if (spoken.length > 0 && spoken.every((code) => WITHOUT_SPACES.includes(code)))
    return `${entry.id} cannot be told words, and spelling correction needs spaces between words`;
  return undefined;
}
