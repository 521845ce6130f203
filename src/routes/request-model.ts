import type { SpeechTask } from '#services/asr/types.js';
import {
  isLeftToUs,
  type ResolvedModel,
  type ResolveModelContext,
  resolveModel,
} from '#services/model-manager/aliases.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type AbleModelContext, ableModelRemedy, findAbleModel } from './able-model.js';
import { knowsLanguages } from './language-check.js';

export type RequestModelOptions = {
  /** As sent. */
  readonly id: string;
  readonly task: SpeechTask;
  /** ISO 639-1 codes of what may be spoken; none means: detect. */
  readonly languages: readonly string[];
  readonly logprobs: boolean;
  readonly context: Context;
};

type Context = ResolveModelContext & Pick<AbleModelContext, 'modelOption'>;

export type RequestedModel = Omit<ResolvedModel, 'isAuto'> & {
  /**
   * Present for `auto`: another model may be taken for the language that is spoken, one of which this is true: it can do
   * what the request asks for besides the language.
   */
  readonly follows?: (entry: ModelEntry) => boolean;
};

/**
 * The model that a request means, which can do what the request asks of it but for the languages (`checkLanguages`). An
 * id of OpenAI's and `auto` mean the default model, and where that one cannot translate or does not know a language, the
 * preferred one of the installed models that can: `whisper-1` knows them all at OpenAI.
 *
 * @throws WhosaidError of `resolveModel`, `translation_unsupported`, or `logprobs_unsupported`; the latter two name a
 * model that can
 */
export async function requestModel(options: RequestModelOptions): Promise<RequestedModel> {
  const { task, logprobs, context } = options;
  const { isAuto, ...model } = await ableModel(options);
  if (task === 'translate' && !translates(model.entry)) {
    throw new WhosaidError('translation_unsupported', {
      model: model.entry.id,
      remedy: await ableModelRemedy(translates, context),
    });
  }
  const able = (entry: ModelEntry) =>
    (!logprobs || entry.capabilities.logprobs) && (task === 'transcribe' || translates(entry));
  if (logprobs && !model.entry.capabilities.logprobs) {
    throw new WhosaidError('logprobs_unsupported', {
      model: model.entry.id,
      remedy: await ableModelRemedy(able, context),
    });
  }
  return { ...model, ...(isAuto && { follows: able }) };
}

/** The model that was named; where the choice is left to us, one that can, if there is one. */
async function ableModel(options: RequestModelOptions): Promise<ResolvedModel> {
  const { id, task, languages, context } = options;
  const model = await resolveModel(id, context);
  const can = (entry: ModelEntry) =>
    (task === 'transcribe' || translates(entry)) && knowsLanguages(entry, languages);
  if (can(model.entry) || !isLeftToUs(id, context)) return model;
  const other = await findAbleModel(can, context);
  return other?.isInstalled ? { ...model, entry: other.entry } : model;
}

function translates(entry: ModelEntry): boolean {
  return entry.capabilities.translation;
}
