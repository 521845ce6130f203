import { fileURLToPath } from 'node:url';

/** Absolute path of the clone. This file runs as dist/config/root.js, two folders below it. */
export const projectRoot: string = fileURLToPath(new URL('../../', import.meta.url));
