/** Plain data beside a log message. Never transcript text, keys or file names. */
export type LogFields = Record<string, unknown>;

/** What every part of the project needs of a logger; the implementation is chosen at the entry point. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

const nothing = (): void => {};

/** Says nothing: for tests and for commands whose output is their result. */
export const silentLogger: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
};
