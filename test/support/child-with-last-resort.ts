/** A process in which errors are thrown that nobody catches: one for each message, and an answer to `ping`. */
import { createWinstonLogger } from '#services/logging/winston-logger.js';
import { installLastResort } from '#src/last-resort.js';

const SECRET = 'what somebody said';

installLastResort({
  logger: createWinstonLogger({ level: 'info', format: 'json' }),
  onStorm: () => process.exit(1),
});

process.on('message', (message: 'throw' | 'reject' | 'reject-text' | 'ping') => {
  if (message === 'ping') process.send?.('pong');
  if (message === 'reject') void Promise.reject(new Error(SECRET));
  if (message === 'reject-text') void Promise.reject(SECRET);
  if (message === 'throw') {
    setImmediate(() => {
      throw new Error(SECRET);
    });
  }
});
process.send?.('ready');
