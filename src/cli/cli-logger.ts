import type { Settings } from '#config/settings.js';
import { createWinstonLogger } from '#services/logging/winston-logger.js';
import type { Logger } from '#utils/logging/logger.js';

/** The log of a command that works on a terminal: warnings only unless LOG_LEVEL says otherwise; progress is the news. */
export function createCliLogger({
  logLevel,
  logFormat,
}: Pick<Settings, 'logLevel' | 'logFormat'>): Logger {
  const level = logLevel === 'info' ? 'warn' : logLevel;
  return createWinstonLogger({ level, format: logFormat });
}
