/** Takes half a second to load, as large models do, then works. */
import { setTimeout as pause } from 'node:timers/promises';
import { serveEngine } from '#services/model-manager/hosts/engine-child.js';
import type { FixtureOperations, FixtureSpec } from './operations.js';
import { workingEngine } from './working-engine.js';

serveEngine<FixtureSpec, FixtureOperations>(async () => {
  await pause(500);
  return workingEngine();
});
