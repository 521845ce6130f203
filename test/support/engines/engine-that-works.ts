/** Does what it is asked, including dying when it is asked to. */
import { appendFile } from 'node:fs/promises';
import { serveEngine } from '#services/model-manager/hosts/engine-child.js';
import type { FixtureOperations, FixtureSpec } from './operations.js';
import { workingEngine } from './working-engine.js';

serveEngine<FixtureSpec, FixtureOperations>(async ({ pids, notes = [] }) => {
  if (pids) await appendFile(pids, `${process.pid}\n`);
  return { ...workingEngine(), notes };
});
