import type { RecogniseOptions } from '#services/asr/types.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';

/** Says in an answer what became of the wish for figures, where there was one. */
export const NORMALISATION_HEADER = 'x-whosaid-inverse-text-normalization';

export type NormalisationChoice = {
  /** What the recogniser is told; nothing where it cannot be told or nobody wishes anything. */
  readonly told: Pick<RecogniseOptions, 'inverseNormalisation'>;
  /** `unsupported`: the model writes numbers as it always does. Absent: nobody wishes anything. */
  readonly outcome?: 'on' | 'off' | 'unsupported';
};

/**
 * Whether numbers, dates and amounts are written in figures: as the request says, else as the operator does, by models
 * that can be told.
 */
export function chooseNormalisation(
  wish: boolean | undefined,
  {
    settings,
    entry,
  }: {
    readonly settings: { readonly inverseNormalisation: boolean };
    readonly entry: Pick<ModelEntry, 'capabilities'>;
  },
): NormalisationChoice {
  const wanted = wish ?? (settings.inverseNormalisation ? true : undefined);
  if (wanted === undefined) return { told: {} };
  if (!entry.capabilities.inverseNormalisation) return { told: {}, outcome: 'unsupported' };
  return { told: { inverseNormalisation: wanted }, outcome: wanted ? 'on' : 'off' };
}
