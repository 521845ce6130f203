/** Refuses to start, or only from its second start on where the spec names a marker file. */
import { existsSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { serveEngine } from '#services/model-manager/hosts/engine-child.js';
import type { FixtureOperations, FixtureSpec } from './operations.js';
import { workingEngine } from './working-engine.js';

serveEngine<FixtureSpec, FixtureOperations>(async ({ marker, pids }) => {
  if (pids) await appendFile(pids, `${process.pid}\n`);
  if (!marker || existsSync(marker)) throw new Error('the weights are upside down');
  writeFileSync(marker, '');
  return workingEngine();
});
