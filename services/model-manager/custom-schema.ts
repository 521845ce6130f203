import { z } from 'zod';
import {
  capabilitiesSchema,
  languagesSchema,
  limitsSchema,
  relativePath,
} from './catalogue-schema.js';

/** Beginning of the ids of models of the operator's own. */
export const CUSTOM_PREFIX = 'custom:';

/** Its name, below MODELS_DIR. */
export const CUSTOM_FILE = 'custom.json';

/**
 * A folder with files that the operator has converted. What it does not say is as in `like`, where that is given; without
 * `like` it says `family` and `files`.
 */
export const customModelSchema = z.strictObject({
  id: z
    .string()
    .regex(
      /^custom:[a-z0-9][a-z0-9.-]*$/,
      'expected "custom:" and lower-case letters, digits, "." and "-"',
    ),
  /** Id of the model of the catalogue that it is a variant of. */
  like: z.string().min(1).optional(),
  /** Which engine code knows how to run it: one of those in docs/models.md. */
  family: z.string().min(1).optional(),
  /** Where its files are: below MODELS_DIR, or absolute. */
  folder: z.string().min(1),
  /** Below the folder, named as the family's are in the catalogue. */
  files: z.array(relativePath).min(1, 'expected at least one file').optional(),
  name: z.string().min(1).optional(),
  languages: languagesSchema.optional(),
  licence: z.string().min(1).optional(),
  origin: z.string().min(1).optional(),
  capabilities: z.partialRecord(capabilitiesSchema.keyof(), z.boolean()).optional(),
  limits: limitsSchema.optional(),
});

/** Each model is checked by itself: a wrong one does not take the others away. */
export const customFileSchema = z.strictObject({ models: z.array(z.unknown()) });

export type CustomModel = z.output<typeof customModelSchema>;
