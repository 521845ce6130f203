import { writeOrCheck } from './lib/generated-file.mjs';
import { prepare } from './lib/prepare.mjs';

/** `npm run docs`: docs/errors.md from the catalogue in utils/errors/; `npm run docs:check` says whether it is current. */
await prepare();
const { errorsPage } = await import('../dist/utils/errors/errors-page.js');

writeOrCheck({ path: 'docs/errors.md', command: 'npm run docs', text: errorsPage() });
