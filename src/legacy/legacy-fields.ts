import { z } from 'zod';
import { DEFAULT_MODEL } from '../adapters/adapter-model.js';
import type { AppDeps } from '../app-deps.js';
import { single, switchField, toCatalogued } from '../routes/field-readers.js';
import { familyModel } from './family-model.js';

const schema = z.object({
  model: single,
  language: single,
  include_timestamps: switchField('include_timestamps'),
});

/** Names of the fields that are read. */
export const legacyFieldNames: readonly string[] = Object.keys(schema.shape);

/**
 * The older server's fields as those of a transcription. Whether times are wanted is kept in the format: `text` has none.
 * Throws `field_invalid` or `model_family_missing`.
 */
export async function asTranscriptionFields(
  fields: Readonly<Record<string, unknown>>,
  deps: Pick<AppDeps, 'catalogue' | 'store' | 'aliases'>,
): Promise<Record<string, unknown>> {
  const result = schema.safeParse(fields);
  if (!result.success) throw toCatalogued(result.error);
  const { model, language, include_timestamps: hasTimes = true } = result.data;
  return {
    model: model === undefined ? DEFAULT_MODEL : await familyModel(model, deps),
    ...(language !== undefined && { language }),
    response_format: hasTimes ? 'verbose_json' : 'text',
  };
}
