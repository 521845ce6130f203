import type { ModelEntry } from '#services/model-manager/catalogue.js';
import { CUSTOM_PREFIX } from '#services/model-manager/custom-schema.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../app-deps.js';

/** Names that mean the best installed model of a family, and the model to fetch where none is. */
const FAMILIES: Readonly<Record<string, string>> = {
  parakeet: 'parakeet-tdt-0.6b-v3',
  // Of the two models of 1B parameters the one whose licence allows any use.
  canary: 'canary-1b-v2',
};

/**
 * The model that an id of the older server means: of a family the best installed one, which is the first of the
 * catalogue's (more languages and newer before larger, a licence for any use before others, the operator's own last); any
 * other id, and a name that the operator gave away (ALIASES), means itself.
 *
 * @throws WhosaidError `model_family_missing`: never is another model taken in silence
 */
export async function familyModel(
  id: string,
  { catalogue, store, aliases }: Pick<AppDeps, 'catalogue' | 'store' | 'aliases'>,
): Promise<string> {
  const family = id.trim().toLowerCase();
  const usual = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined;
  if (usual === undefined || aliases.has(id) || catalogue.get(id)) return id;
  const members = catalogue.entries.filter((entry) => belongsTo(entry, family));
  for (const entry of members) if (await store.isInstalled(entry.id)) return entry.id;
  const installed = (await store.list())
    .filter(({ entry, installed }) => installed && entry.task === 'asr')
    .map(({ entry }) => entry.id);
  // One that nobody publishes is no advice for a beginning.
  const fetchable = members.find(({ conversion }) => conversion === undefined);
  throw new WhosaidError('model_family_missing', {
    family,
    model: fetchable?.id ?? members[0]?.id ?? usual,
    installed: installed.join(', ') || 'none',
  });
}

/** Whose engine code is the family's, or whose name is: Parakeet models run in the engines of two families. */
function belongsTo({ id, family, task }: ModelEntry, wanted: string): boolean {
  const own = id.startsWith(CUSTOM_PREFIX) ? id.slice(CUSTOM_PREFIX.length) : id;
  return task === 'asr' && [family, own].some((name) => name === wanted || isPart(name, wanted));
}

function isPart(name: string, wanted: string): boolean {
  return name.startsWith(`${wanted}-`);
}
