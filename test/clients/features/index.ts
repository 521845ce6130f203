import { errors } from './errors.js';
import type { Feature } from './feature.js';
import { fields } from './fields.js';
import { formats } from './formats.js';
import { longRequests } from './long-requests.js';
import { recordings } from './recordings.js';
import { retries } from './retries.js';
import { service } from './service.js';
import { streaming } from './streaming.js';
import { translations } from './translations.js';

/** Every row of the compatibility table, in its order. */
export const features = {
  ...formats,
  ...streaming,
  ...recordings,
  ...fields,
  ...translations,
  ...errors,
  ...retries,
  ...longRequests,
  ...service,
} as const satisfies Record<string, Feature>;

export type FeatureId = keyof typeof features;

export const featureIds = Object.keys(features) as FeatureId[];
