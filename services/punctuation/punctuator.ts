import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { applyMarkings, type Worded } from './apply-markings.js';
import { checkCnnBilstm } from './cnn-bilstm.js';
import { checkCtTransformer } from './ct-transformer.js';
import type { PunctuationModel, PunctuationSpec } from './types.js';

const families: Readonly<
  Record<string, (spec: PunctuationSpec) => Promise<() => PunctuationModel>>
> = { 'cnn-bilstm': checkCnnBilstm, 'ct-transformer': checkCtTransformer };

export type Punctuator = {
  /** The same words with punctuation, where there is a model for the language; else as it came. */
  punctuate<Text extends Worded>(text: Text, language: string): Text;
  /** Ids of the models in memory. */
  loaded(): readonly string[];
};

/**
 * Punctuation models, each for its languages. Their files are looked into now; a model is loaded with the first text in
 * one of its languages. Only in an engine host.
 *
 * @throws WhosaidError `engine_unavailable` naming the file that cannot be used, or a family that this version cannot run
 */
export async function createPunctuator(specs: readonly PunctuationSpec[]): Promise<Punctuator> {
  const byLanguage = new Map<string, { id: string; open: () => PunctuationModel }>();
  const loaded = new Map<string, PunctuationModel>();
  for (const spec of specs) {
    const open = await checkSpec(spec);
    for (const language of spec.languages) byLanguage.set(language, { id: spec.modelId, open });
  }
  const modelFor = (language: string): PunctuationModel | undefined => {
    const found = byLanguage.get(language);
    if (found === undefined) return undefined;
    const model = loaded.get(found.id) ?? found.open();
    loaded.set(found.id, model);
    return model;
  };
  return {
    punctuate(text, language) {
      if (text.words.length === 0) return text;
      const markings = modelFor(language)?.markingsOf(text.words.map((word) => word.text));
      return { ...text, ...(markings && applyMarkings(text, markings)) };
    },
    loaded: () => [...loaded.keys()],
  };
}

function checkSpec(spec: PunctuationSpec): Promise<() => PunctuationModel> {
  const check = families[spec.family];
  if (check) return check(spec);
  throw new WhosaidError('engine_unavailable', {
    reason: `model '${spec.modelId}' is of family '${spec.family}', which this version cannot run`,
  });
}
