import type { SpeechTask } from '#services/asr/types.js';
import {
  DIARIZE_SUFFIX,
  OPENAI_MODEL_IDS,
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

/**
 * The model that a request means, which can do what the request asks of it but for the languages (`checkLanguages`). An
 * id of OpenAI's means the default model, and where that one cannot translate or does not know a language, the first
 * installed one that can: `whisper-1` knows them all at OpenAI.
 *
 * @throws WhosaidError of `resolveModel`, `translation_unsupported`, or `logprobs_unsupported`; the latter two name a
 * model that can
 */
export async function requestModel(options: RequestModelOptions): Promise<ResolvedModel> {
  const { task, logprobs, context } = options;
  const model = await ableModel(options);
  if (task === 'translate' && !translates(model.entry)) {
    throw new WhosaidError('translation_unsupported', {
      model: model.entry.id,
      remedy: await ableModelRemedy(translates, context),
    });
  }
  if (logprobs && !model.entry.capabilities.logprobs) {
    const able = (entry: ModelEntry) =>
      entry.capabilities.logprobs && (task === 'transcribe' || translates(entry));
    throw new WhosaidError('logprobs_unsupported', {
      model: model.entry.id,
      remedy: await ableModelRemedy(able, context),
    });
  }
  return model;
}

/** The model that was named; where the choice is left to us, one that can, if there is one. */
async function ableModel(options: RequestModelOptions): Promise<ResolvedModel> {
  const { id, task, languages, context } = options;
  const model = await resolveModel(id, context);
  const can = (entry: ModelEntry) =>
    (task === 'transcribe' || translates(entry)) && knowsLanguages(entry, languages);
  if (can(model.entry) || !meansDefault(id, context)) return model;
  const other = await findAbleModel(can, context);
  return other?.isInstalled ? { ...model, entry: other.entry } : model;
}

/** Whether an id leaves the choice to this server: OpenAI's, unless ALIASES says otherwise, and names for them. */
function meansDefault(id: string, { aliases }: ResolveModelContext): boolean {
  const meant = aliases?.get(id) ?? aliases?.get(withoutSuffix(id)) ?? id;
  return OPENAI_MODEL_IDS.some((known) => known === withoutSuffix(meant));
}

function withoutSuffix(id: string): string {
  return id.endsWith(DIARIZE_SUFFIX) ? id.slice(0, -DIARIZE_SUFFIX.length) : id;
}

function translates(entry: ModelEntry): boolean {
  return entry.capabilities.translation;
}
