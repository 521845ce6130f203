import type { LogFields, Logger } from '#utils/logging/logger.js';

/** A logger that adds the same fields (a request id, say) to everything said through it. */
export function childLogger(parent: Logger, fields: LogFields): Logger {
  return {
    debug: (message, own) => parent.debug(message, { ...fields, ...own }),
    info: (message, own) => parent.info(message, { ...fields, ...own }),
    warn: (message, own) => parent.warn(message, { ...fields, ...own }),
    error: (message, own) => parent.error(message, { ...fields, ...own }),
  };
}
