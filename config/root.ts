import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the clone. This file runs as dist/config/root.js, two folders below it. */
export const projectRoot: string = fileURLToPath(new URL('../../', import.meta.url));

/** Version of package.json. */
export const projectVersion: string = JSON.parse(
  readFileSync(join(projectRoot, 'package.json'), 'utf8'),
).version;
