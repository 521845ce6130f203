import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Catalogue, ModelEntry } from './catalogue.js';
import type { ModelStore } from './store.js';

/** OpenAI's ids of transcription models. Each means the default model of this server. */
export const OPENAI_MODEL_IDS = [
  'whisper-1',
  'gpt-transcribe',
  'gpt-4o-transcribe',
  'gpt-4o-mini-transcribe',
  'gpt-4o-mini-transcribe-2025-12-15',
  'gpt-4o-transcribe-diarize',
] as const;

/** Ending of a model id that asks for speakers besides words. */
export const DIARIZE_SUFFIX = '-diarize';

export type ResolvedModel = {
  readonly entry: ModelEntry;
  /** True when the id asks for speakers, or is an alias and the default model's id does. */
  readonly diarize: boolean;
};

export type ResolveModelContext = {
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled' | 'list'>;
  /**
   * Id that the aliases mean (the setting MODEL). An alias here means the catalogue's default; with `-diarize` appended,
   * every alias asks for speakers.
   */
  readonly defaultModel: string;
};

/**
 * Finds the recogniser that a request's `model` means: an OpenAI id means the default, a catalogue id itself,
 * either with `-diarize` appended asks for speakers as well.
 * Throws `model_not_installed`, naming the command that installs it, where the catalogue knows the id, otherwise
 * `model_not_found`, naming what is installed. Both are OpenAI's 404 `model_not_found`.
 */
export async function resolveModel(
  id: string,
  context: ResolveModelContext,
): Promise<ResolvedModel> {
  const { catalogue, store } = context;
  const { base, diarize: idAsks } = splitId(id, catalogue);
  const defaultAsks = isAlias(base) && splitId(context.defaultModel, catalogue).diarize;
  const entry = isAlias(base) ? defaultAsrEntry(context) : asrEntry(base, catalogue);
  if (!entry) throw await unknownModel(id, context);
  if (!(await store.isInstalled(entry.id)))
    throw new WhosaidError('model_not_installed', { model: entry.id });
  return { entry, diarize: idAsks || defaultAsks };
}

/** Ids that a client may send right now: aliases, then installed recognisers. */
export async function usableModelIds({
  store,
}: Pick<ResolveModelContext, 'store'>): Promise<string[]> {
  return [...OPENAI_MODEL_IDS, ...(await installedAsrIds(store))];
}

/** The recogniser that aliases mean. Throws `model_unknown` when `defaultModel` is neither alias nor recogniser. */
export function defaultAsrEntry({
  catalogue,
  defaultModel,
}: Pick<ResolveModelContext, 'catalogue' | 'defaultModel'>): ModelEntry {
  const { base } = splitId(defaultModel, catalogue);
  const entry = isAlias(base) ? catalogue.defaultAsr : asrEntry(base, catalogue);
  if (entry) return entry;
  const recognisers = catalogue.entries.filter(({ task }) => task === 'asr').map(({ id }) => id);
  throw new WhosaidError('model_unknown', { model: defaultModel, known: recognisers.join(', ') });
}

function splitId(id: string, catalogue: Catalogue): { base: string; diarize: boolean } {
  // A catalogue id wins, should one ever end like this.
  if (catalogue.get(id) || !id.endsWith(DIARIZE_SUFFIX)) return { base: id, diarize: false };
  return { base: id.slice(0, -DIARIZE_SUFFIX.length), diarize: true };
}

function isAlias(id: string): boolean {
  return (OPENAI_MODEL_IDS as readonly string[]).includes(id);
}

function asrEntry(id: string, catalogue: Catalogue): ModelEntry | undefined {
  const entry = catalogue.get(id);
  return entry?.task === 'asr' ? entry : undefined;
}

async function unknownModel(id: string, { store }: ResolveModelContext): Promise<WhosaidError> {
  const installed = await installedAsrIds(store);
  return new WhosaidError('model_not_found', {
    model: id,
    installed: installed.join(', ') || 'none',
  });
}

async function installedAsrIds(store: Pick<ModelStore, 'list'>): Promise<string[]> {
  const models = await store.list();
  return models
    .filter(({ entry, installed }) => installed && entry.task === 'asr')
    .map(({ entry }) => entry.id);
}
