import { fileURLToPath } from 'node:url';

/** Absolute path of the clone, with a slash at its end. Scripts run as plain files, before anything is built. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
