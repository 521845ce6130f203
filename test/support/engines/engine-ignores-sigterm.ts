/** Is ready at once, then ignores being asked to leave and SIGTERM, and never answers. */
import type { FromEngine, ToEngine } from '#services/model-manager/protocol.js';

const ready: FromEngine = { type: 'ready', rssBytes: 1 };
process.on('SIGTERM', () => {});
process.on('message', (message: ToEngine) => {
  if (message.type === 'start') process.send?.(ready);
});
