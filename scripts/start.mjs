import { prepare } from './lib/prepare.mjs';
import { runStep } from './lib/steps.mjs';
import { stopWithNpm } from './lib/stop-with-npm.mjs';

/**
 * `npm start`: from a fresh clone to a server, each step skipped when its work is done. The server runs in this very
 * process, so that Ctrl-C and SIGTERM reach it without a layer between.
 */
stopWithNpm();
await prepare();
await runStep('fetch models', async () => {
  const { pullDefaultModels } = await import('../dist/src/cli/pull-models.js');
  await pullDefaultModels();
});
const { main } = await import('../dist/src/main.js');
await main();
