import { accessErrors } from './catalogue/access.js';
import { audioErrors } from './catalogue/audio.js';
import { engineErrors } from './catalogue/engines.js';
import { jobErrors } from './catalogue/jobs.js';
import { modelErrors } from './catalogue/models.js';
import { realtimeErrors } from './catalogue/realtime.js';
import { requestErrors } from './catalogue/requests.js';
import { routeErrors } from './catalogue/routes.js';
import { speakerErrors } from './catalogue/speakers.js';
import { uploadErrors } from './catalogue/uploads.js';

/**
 * Every error a user can meet: one stable key, OpenAI's `type`, `code` and `param`, the HTTP status, whether a retry
 * can help, and the sentence. `{name}` in a sentence is filled from the error's parameters.
 */
export const errorCatalogue = {
  ...uploadErrors,
  ...audioErrors,
  ...requestErrors,
  ...accessErrors,
  ...speakerErrors,
  ...modelErrors,
  ...engineErrors,
  ...jobErrors,
  ...realtimeErrors,
  ...routeErrors,
} as const;

export type ErrorKey = keyof typeof errorCatalogue;
export type { ErrorEntry } from './catalogue/entry.js';
