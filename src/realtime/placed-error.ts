import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { pathOf, type SessionShape } from './read-session.js';

/** An error about a field of a session, where its catalogue entry knows forms. */
class PlacedError extends WhosaidError {
  readonly #path: string;

  constructor({ key, params, cause }: WhosaidError, path: string) {
    super(key, params, { cause });
    this.#path = path;
  }

  override get param(): string {
    return this.#path;
  }
}

/** What was thrown about the settings of a session, with the whole path of the field at fault. */
export function placed(thrown: unknown, shape: SessionShape): unknown {
  if (!(thrown instanceof WhosaidError) || thrown.param === null) return thrown;
  return new PlacedError(thrown, pathOf(thrown.param, shape));
}
