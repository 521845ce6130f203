/**
 * A gateway in small: starts one engine, makes it print, says its pid on stdout, and stays. For tests that kill it or
 * look at what reaches its terminal.
 */
import { fileURLToPath } from 'node:url';
import { EngineHost } from '#services/model-manager/engine-host.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { FixtureOperations, FixtureSpec } from './operations.js';

const host = new EngineHost<FixtureSpec, FixtureOperations>({
  modulePath: fileURLToPath(new URL('./engine-that-works.js', import.meta.url)),
  role: 'fixture',
  logger: silentLogger,
});
await host.start({});
const { pid } = await host.request('print', { text: 'secret words' });
console.log(`engine ${pid}`);
if (process.argv[2] === 'hold') await host.request('hold', { ms: 60_000 });
