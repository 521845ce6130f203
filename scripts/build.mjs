import { prepare } from './lib/prepare.mjs';

/** `npm run build`: installs what is missing and compiles, both only when needed. */
await prepare();
