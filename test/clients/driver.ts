import type { Call, Outcome } from './call.js';
import type { FeatureId } from './features/index.js';

/** A client of the gateway, as tests drive it. */
export type Driver = {
  readonly id: string;
  /** How the table names it. */
  readonly name: string;
  readonly version: string;
  /** Features that the client itself does not have, each with the reason. */
  readonly lacks: Readonly<Partial<Record<FeatureId, string>>>;
  /** The class of the error that the client throws for a status; absent where it has no classes. */
  readonly errorName?: (status: number) => string;
  /** Carries one call out. Errors of the gateway are outcomes; everything else rejects. */
  perform(call: Call): Promise<Outcome>;
  close?(): Promise<void>;
};

/** The classes that both of OpenAI's SDKs have, by status. */
const CLASSES: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  429: 'RateLimitError',
};

/** The name of the error class that OpenAI's SDKs throw; `base` is theirs for a status without a class of its own. */
export function openaiErrorName(status: number, base: string): string {
  return CLASSES[status] ?? (status >= 500 ? 'InternalServerError' : base);
}
