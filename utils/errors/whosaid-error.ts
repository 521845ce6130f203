import { type ErrorEntry, type ErrorKey, errorCatalogue } from './catalogue.js';

export type ErrorParams = Readonly<Record<string, string | number>>;

/** An error as plain data, for messages between processes (an Error object loses its fields there). */
export type PlainError = {
  readonly key: ErrorKey;
  readonly params: ErrorParams;
};

/** A failure from the catalogue. `message` is meant for the user; `cause` is for the operator. */
export class WhosaidError extends Error {
  override readonly name = 'WhosaidError';
  readonly key: ErrorKey;
  readonly params: ErrorParams;

  constructor(key: ErrorKey, params: ErrorParams = {}, options?: { cause?: unknown }) {
    super(fill(errorCatalogue[key].text, params), options);
    this.key = key;
    this.params = params;
  }

  get entry(): ErrorEntry {
    return errorCatalogue[this.key];
  }

  get status(): number {
    return this.entry.status;
  }

  /** The field at fault, filled from the parameters where the entry serves several fields. */
  get param(): string | null {
    const { param } = this.entry;
    return param === null ? null : fill(param, this.params);
  }

  toPlain(): PlainError {
    return { key: this.key, params: this.params };
  }

  static fromPlain(plain: PlainError): WhosaidError {
    return new WhosaidError(plain.key, plain.params);
  }

  /** Turns anything thrown into a catalogued error, keeping the original as its cause. */
  static from(
    thrown: unknown,
    fallback: ErrorKey = 'internal_error',
    params: ErrorParams = {},
  ): WhosaidError {
    return thrown instanceof WhosaidError
      ? thrown
      : new WhosaidError(fallback, params, { cause: thrown });
  }
}

function fill(text: string, params: ErrorParams): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
