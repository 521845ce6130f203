/** Refuses to start as long as the marker file does not exist, which its first start makes. */
import { existsSync, writeFileSync } from 'node:fs';
import { serveEngine } from '#services/model-manager/hosts/engine-child.js';
import type { FixtureOperations, FixtureSpec } from './operations.js';
import { workingEngine } from './working-engine.js';

serveEngine<FixtureSpec, FixtureOperations>(async ({ marker = '' }) => {
  if (existsSync(marker)) return workingEngine();
  writeFileSync(marker, '');
  throw new Error('not today');
});
