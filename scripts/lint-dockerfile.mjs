import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { projectRoot } from './lib/project.mjs';

/** `npm run lint:docker`: the Dockerfile's syntax, and that everything it copies from the clone is there. */
const text = readFileSync(join(projectRoot, 'Dockerfile'), 'utf8');
const problems = [
  ...validate(text).map(({ range, message }) => `line ${range.start.line + 1}: ${message}`),
  ...missingSources(text),
];
for (const problem of problems) console.error(`Dockerfile: ${problem}`);
console.log(`Dockerfile: ${problems.length} problems (linted only; no image was built)`);
process.exitCode = problems.length === 0 ? 0 : 1;

function missingSources(dockerfile) {
  return [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)]
    .flatMap(([, words]) => words.trim().split(/\s+/).slice(0, -1))
    .filter((path) => !existsSync(join(projectRoot, path)))
    .map((path) => `COPY of ${path}, which does not exist`);
}
