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

/** Means the default model too, or another installed one where the recording is in a language that it does not know. */
export const AUTO_MODEL = 'auto';

/** Ending of a model id that asks for speakers besides words. */
export const DIARIZE_SUFFIX = '-diarize';

export type ResolvedModel = {
  readonly entry: ModelEntry;
  /** True when the id asks for speakers, or is one of OpenAI's and the default model's id does. */
  readonly diarize: boolean;
  /** The language that is spoken may choose another model. */
  readonly isAuto: boolean;
};

/** Name → catalogue id or OpenAI id, with or without `-diarize`. */
export type ModelAliases = ReadonlyMap<string, string>;

export type ResolveModelContext = {
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled' | 'list'>;
  /**
   * Id that OpenAI's mean (the setting MODEL). One of OpenAI's here means the catalogue's default, and `auto` too, as
   * which OpenAI's are understood then; with `-diarize` appended, each of them asks for speakers.
   */
  readonly defaultModel: string;
  /** Names of the operator's own and what each means (the setting ALIASES), checked by `aliasProblems`. */
  readonly aliases?: ModelAliases;
};

/**
 * Finds the recogniser that a request's `model` means: a name of ALIASES means what it says there, an OpenAI id the
 * default, as `auto` does, a catalogue id itself; each with `-diarize` appended asks for speakers as well.
 * Throws `model_not_installed`, naming the command that installs it, where the catalogue knows the id, otherwise
 * `model_not_found`, naming what is installed. Both are OpenAI's 404 `model_not_found`.
 */
export async function resolveModel(
  id: string,
  context: ResolveModelContext,
): Promise<ResolvedModel> {
  const { catalogue, store } = context;
  const { base, diarize: idAsks } = meaningOf(id, context);
  const usual = isOurs(base) ? meaningOf(context.defaultModel, context) : undefined;
  const entry = usual ? defaultAsrEntry(context) : asrEntry(base, catalogue);
  if (!entry) throw await unknownModel(id, context);
  if (!(await store.isInstalled(entry.id)))
    throw new WhosaidError('model_not_installed', { model: entry.id });
  return {
    entry,
    diarize: idAsks || usual?.diarize === true,
    isAuto: base === AUTO_MODEL || usual?.base === AUTO_MODEL,
  };
}

/** Whether an id leaves the choice to this server: OpenAI's and `auto`, unless ALIASES says otherwise, and names for them. */
export function isLeftToUs(id: string, names: Names): boolean {
  return isOurs(meaningOf(id, names).base);
}

/** Ids that a client may send right now: OpenAI's, those of ALIASES whose model is installed, installed recognisers. */
export async function usableModelIds(
  context: Pick<ResolveModelContext, 'store' | 'catalogue' | 'aliases'>,
): Promise<string[]> {
  const installed = await installedAsrIds(context.store);
  const usable = (target: string) => isOurs(target) || installed.includes(target);
  const aliases = [...(context.aliases?.keys() ?? [])].filter((name) =>
    usable(meaningOf(name, context).base),
  );
  return [...new Set([...OPENAI_MODEL_IDS, AUTO_MODEL, ...aliases, ...installed])];
}

/** What is wrong with ALIASES, one sentence each: names that are taken, targets that are no recogniser. */
export function aliasProblems(aliases: ModelAliases, catalogue: Catalogue): string[] {
  return [...aliases].flatMap(([name, target]) => {
    if (catalogue.get(name))
      return [`ALIASES gives the name "${name}", which is the id of a model in the catalogue`];
    const { base } = splitId(target, { catalogue });
    if (isOurs(base) || asrEntry(base, catalogue)) return [];
    const known = asrIds(catalogue).join(', ');
    return [
      `ALIASES maps "${name}" to "${target}"; expected one of ${known}, ${AUTO_MODEL}, or an id of OpenAI's`,
    ];
  });
}

/** The recogniser that OpenAI's ids mean. Throws `model_unknown` when `defaultModel` names none. */
export function defaultAsrEntry({
  catalogue,
  defaultModel,
  aliases,
}: Pick<ResolveModelContext, 'catalogue' | 'defaultModel' | 'aliases'>): ModelEntry {
  const { base } = meaningOf(defaultModel, { catalogue, aliases });
  const entry = isOurs(base) ? catalogue.defaultAsr : asrEntry(base, catalogue);
  if (entry) return entry;
  const known = asrIds(catalogue).join(', ');
  throw new WhosaidError('model_unknown', { model: defaultModel, known });
}

type Names = { readonly catalogue: Catalogue; readonly aliases?: ModelAliases | undefined };

/** What an id says once a name of ALIASES is replaced by what it means. */
function meaningOf(id: string, names: Names): { base: string; diarize: boolean } {
  const { base, diarize } = splitId(id, names);
  const target = names.aliases?.get(base);
  if (target === undefined) return { base, diarize };
  const meant = splitId(target, { catalogue: names.catalogue });
  return { base: meant.base, diarize: diarize || meant.diarize };
}

function splitId(id: string, { catalogue, aliases }: Names): { base: string; diarize: boolean } {
  // A whole name wins, should one end like this.
  const isWhole = catalogue.get(id) !== undefined || aliases?.has(id) === true;
  if (isWhole || !id.endsWith(DIARIZE_SUFFIX)) return { base: id, diarize: false };
  return { base: id.slice(0, -DIARIZE_SUFFIX.length), diarize: true };
}

function asrIds(catalogue: Catalogue): string[] {
  return catalogue.entries.filter(({ task }) => task === 'asr').map(({ id }) => id);
}

/** Which model it means is ours to say. */
function isOurs(id: string): boolean {
  return id === AUTO_MODEL || (OPENAI_MODEL_IDS as readonly string[]).includes(id);
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
