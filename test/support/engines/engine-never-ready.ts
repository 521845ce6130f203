/** Takes the start message and says nothing, for ever. */
import { appendFileSync } from 'node:fs';
import type { ToEngine } from '#services/model-manager/protocol.js';
import type { FixtureSpec } from './operations.js';

process.on('message', (message: ToEngine<FixtureSpec>) => {
  if (message.type === 'start' && message.spec.pids)
    appendFileSync(message.spec.pids, `${process.pid}\n`);
});
