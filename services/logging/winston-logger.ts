import winston from 'winston';
import type { LogFields, Logger } from '#utils/logging/logger.js';
import { redact } from './redaction.js';

export type WinstonLoggerOptions = {
  /** The least important level that is written. */
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  /** `json`: one object a line, for machines; `pretty`: for people. */
  readonly format: 'pretty' | 'json';
  /** Where lines go. Default: standard error, so that standard output stays free for results. */
  readonly stream?: NodeJS.WritableStream;
};

/** A logger that adds time and level, and takes out of the fields what must not be logged. */
export function createWinstonLogger(options: WinstonLoggerOptions): Logger {
  const stream = options.stream ?? process.stderr;
  // A log that cannot be written (whoever read the pipe has gone) is no reason to stop serving. Several loggers may
  // share a stream: one listener is enough.
  stream.off('error', ignore).on('error', ignore);
  const logger = winston.createLogger({
    level: options.level,
    format: options.format === 'json' ? winston.format.json() : winston.format.printf(prettyLine),
    transports: [new winston.transports.Stream({ stream })],
  });
  const write =
    (level: WinstonLoggerOptions['level']) =>
    (message: string, fields: LogFields = {}): void => {
      const timestamp = new Date().toISOString();
      // Fields are spread first: one called `level` or `message` must not replace the real one.
      logger.log({ ...redact(fields), timestamp, level, message });
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

const ignore = (): void => {};

function prettyLine(info: winston.Logform.TransformableInfo): string {
  const { timestamp, level, message, ...fields } = info;
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${shownValue(value)}`);
  return [String(timestamp).slice(11, 23), level.padEnd(5), String(message), ...shown].join(' ');
}

function shownValue(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=\p{C}]+$/u.test(value)) return value;
  // JSON leaves some characters as they are with which a terminal can be told to do something.
  return String(JSON.stringify(value)).replace(
    /\p{C}/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
