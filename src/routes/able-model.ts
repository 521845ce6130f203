import type { Catalogue, ModelEntry } from '#services/model-manager/catalogue.js';
import type { ModelStore } from '#services/model-manager/store.js';

export type AbleModelContext = {
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled'>;
  /** How one asks for a model, up to its id. Default: as in a request. */
  readonly modelOption?: string;
};

const FIELD = 'send model=';

/**
 * The preferred one of the installed recognisers that can do something: those that give times of words before others, the
 * larger before the smaller, which hears less well, and the catalogue's order among equals. Where none is installed, the
 * catalogue's first that could; undefined: none can.
 */
export async function findAbleModel(
  can: (entry: ModelEntry) => boolean,
  { catalogue, store }: AbleModelContext,
): Promise<{ readonly entry: ModelEntry; readonly isInstalled: boolean } | undefined> {
  const able = catalogue.entries.filter((entry) => entry.task === 'asr' && can(entry));
  for (const entry of able.toSorted(byPreference)) {
    if (await store.isInstalled(entry.id)) return { entry, isInstalled: true };
  }
  return able[0] && { entry: able[0], isInstalled: false };
}

function byPreference(one: ModelEntry, other: ModelEntry): number {
  const times = Number(other.capabilities.wordTimes) - Number(one.capabilities.wordTimes);
  return times || (other.bytes ?? 0) - (one.bytes ?? 0);
}

/** What to do about a model that cannot do something: a sentence that names one that can. */
export async function ableModelRemedy(
  can: (entry: ModelEntry) => boolean,
  context: AbleModelContext,
): Promise<string> {
  const found = await findAbleModel(can, context);
  if (found === undefined) return "No model in this server's catalogue does.";
  const { id } = found.entry;
  const asking = `${context.modelOption ?? FIELD}${id}`;
  if (found.isInstalled) return `${asking.charAt(0).toUpperCase()}${asking.slice(1)}, which does.`;
  return `Fetch one that does with './bin/whosaid models pull ${id}' and ${asking}.`;
}
