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

export type RequestModelOptions = {
  /** As sent. */
  readonly id: string;
  readonly task: SpeechTask;
  readonly logprobs: boolean;
  readonly context: Context;
};

type Context = ResolveModelContext & Pick<AbleModelContext, 'modelOption'>;

/**
 * The model that a request means, which can do what the request asks of it. An id of OpenAI's means the default model,
 * and for translations, where that one cannot, the first installed one that can: `whisper-1` translates at OpenAI.
 *
 * @throws WhosaidError of `resolveModel`, `translation_unsupported`, or `logprobs_unsupported`; the latter two name a
 * model that can
 */
export async function requestModel(options: RequestModelOptions): Promise<ResolvedModel> {
  const { id, task, logprobs, context } = options;
  const model = await (task === 'translate' ? translator(id, context) : resolveModel(id, context));
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

async function translator(id: string, context: Context): Promise<ResolvedModel> {
  const model = await resolveModel(id, context);
  if (translates(model.entry)) return model;
  if (meansDefault(id, context)) {
    const other = await findAbleModel(translates, context);
    if (other?.isInstalled) return { ...model, entry: other.entry };
  }
  throw new WhosaidError('translation_unsupported', {
    model: model.entry.id,
    remedy: await ableModelRemedy(translates, context),
  });
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
