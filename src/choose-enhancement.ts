import {
  ENHANCEMENTS,
  type EnhancedFor,
  type Enhancement,
  type EnhanceRequest,
} from '#services/enhance/types.js';
import type { Catalogue, ModelEntry } from '#services/model-manager/catalogue.js';
import type { ModelStore } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { EnhanceChoice } from './routes/enhance-fields.js';

/** What the operator wants for those who say nothing. */
export type EnhanceSettings = {
  readonly enhance: EnhanceChoice;
  readonly enhanceFor: EnhancedFor;
  /** The same as `enhance: 'vocals'`, and before it. */
  readonly vocalSeparation: boolean;
  /** Ids; null: the first installed one. */
  readonly denoiseModel: string | null;
  readonly vocalsModel: string | null;
};

type Models = {
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled'>;
};

/**
 * What is done to the sound of a recording, and with which model: as the request says, else as the operator does.
 *
 * @throws WhosaidError `enhancement_unavailable` or `enhancement_not_installed`
 */
export async function chooseEnhancement(
  wishes: { readonly enhance?: EnhanceChoice | undefined; readonly for?: EnhancedFor | undefined },
  { settings, ...models }: Models & { readonly settings: EnhanceSettings },
): Promise<EnhanceRequest | undefined> {
  const usual = settings.vocalSeparation ? 'vocals' : settings.enhance;
  const kind = wishes.enhance ?? usual;
  if (kind === 'none') return undefined;
  const model = await modelFor(kind, { settings, ...models });
  return { kind, model, for: wishes.for ?? settings.enhanceFor };
}

/** What requests may ask for in `enhance`: only what a model is installed for. */
export async function installedEnhancements(
  context: Models & { readonly settings: EnhanceSettings },
): Promise<Enhancement[]> {
  const kinds = ENHANCEMENTS.map(async (kind) => {
    const isThere = await modelFor(kind, context).then(
      () => true,
      () => false,
    );
    return isThere ? [kind] : [];
  });
  return (await Promise.all(kinds)).flat();
}

/** What is wrong with DENOISE_MODEL and VOCALS_MODEL, a sentence each. */
export function enhanceProblems(settings: EnhanceSettings, catalogue: Catalogue): string[] {
  return (['denoise', 'vocals'] as const).flatMap((kind) => {
    const id = wantedModel(kind, settings);
    if (id === null || catalogue.get(id)?.task === kind) return [];
    const known = able(kind, catalogue).map((entry) => entry.id);
    const name = kind === 'denoise' ? 'DENOISE_MODEL' : 'VOCALS_MODEL';
    return [
      `${name} is ${JSON.stringify(id)}; expected one of ${known.join(', ') || 'none: the catalogue has no such model'}`,
    ];
  });
}

async function modelFor(
  kind: Enhancement,
  { settings, catalogue, store }: Models & { readonly settings: EnhanceSettings },
): Promise<string> {
  const wanted = wantedModel(kind, settings);
  const entries = able(kind, catalogue).filter(({ id }) => wanted === null || id === wanted);
  const [first] = entries;
  if (!first) throw new WhosaidError('enhancement_unavailable', { kind });
  for (const { id } of entries) if (await store.isInstalled(id)) return id;
  throw new WhosaidError('enhancement_not_installed', { kind, model: first.id });
}

function wantedModel(kind: Enhancement, settings: EnhanceSettings): string | null {
  return kind === 'denoise' ? settings.denoiseModel : settings.vocalsModel;
}

function able(kind: Enhancement, { entries }: Catalogue): ModelEntry[] {
  return entries.filter(({ task }) => task === kind);
}
