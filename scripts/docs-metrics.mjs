import { writeOrCheck } from './lib/generated-file.mjs';
import { prepare } from './lib/prepare.mjs';

/** `npm run docs`: docs/monitoring/metrics.md from src/metrics; `npm run docs:check` says whether it is current. */
await prepare();
const { metricsPage } = await import('../dist/src/metrics/metrics-page.js');

writeOrCheck({
  path: 'docs/monitoring/metrics.md',
  command: 'npm run docs',
  text: await metricsPage(),
});
