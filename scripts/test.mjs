import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { projectRoot } from './lib/project.mjs';
import { preparePythonClients } from './lib/python-clients.mjs';
import { runTestFiles } from './lib/run-tests.mjs';
import { runStep, say } from './lib/steps.mjs';

/**
 * `npm test [-- WORDS]`: sets the clone up, then runs every test, or those whose path contains one of the words. Load
 * tests, and the contract that every store of jobs keeps, take minutes and run only for words that name their folder
 * (`test/load`, `test/contract`): `npm run test:load`. So do those of the page in a real browser and of other
 * programs' clients, and what a newcomer does: `npm run test:browser`, `npm run test:clients`, `npm run test:first-steps`.
 * The last line is `N passed, N failed` (`, N skipped`).
 */

/** Tests that use a whole machine (models, memory) run one file at a time; those of faults mostly wait. */
const GROUPS = [
  { folders: ['unit', 'api'], concurrency: 3 },
  { folders: ['faults', 'e2e'], concurrency: 3 },
  { folders: ['accuracy'], concurrency: 1 },
  { folders: ['first-steps'], concurrency: 1, onlyIfNamed: true },
  { folders: ['contract', 'load'], concurrency: 1, onlyIfNamed: true },
  { folders: ['browser'], concurrency: 1, onlyIfNamed: true },
  { folders: ['clients'], concurrency: 1, onlyIfNamed: true },
];

await prepare();
const words = process.argv.slice(2);
const plan = GROUPS.map(({ folders, concurrency, onlyIfNamed = false }) => ({
  concurrency,
  files: folders.flatMap((folder) =>
    listTests(folder).filter((file) =>
      onlyIfNamed ? isNamed(file, `test/${folder}`) : isWanted(file),
    ),
  ),
}));
const needsModels = plan.some(({ files }) =>
  files.some((file) => !file.startsWith('dist/test/unit')),
);
if (needsModels || words.length === 0) await runStep('fetch models', fetchModels);
const usesPython = (file) => /^dist\/test\/(clients|first-steps)\//.test(file);
if (plan.some(({ files }) => files.some(usesPython))) {
  await runStep('install the Python clients', preparePythonClients);
}

const tallies = [];
for (const { files, concurrency } of plan) {
  tallies.push(await runTestFiles({ files, concurrency, cwd: projectRoot }));
}
report(tallies);

function isWanted(file) {
  return words.length === 0 || words.some((word) => matches(file, word));
}

/** Whether a word that says the folder asks for this file: `upload` must not start a load test by accident. */
function isNamed(file, folder) {
  return words.some((word) => word.includes(folder) && matches(file, word));
}

function matches(file, word) {
  return file.includes(word.replace(/\.ts$/, '.js'));
}

/** Compiled tests of one kind, as paths from the clone with forward slashes. */
function listTests(kind) {
  const folder = join(projectRoot, 'dist', 'test', kind);
  let entries;
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.js'))
    .map((entry) => relative(projectRoot, join(entry.parentPath ?? entry.path, entry.name)))
    .map((path) => path.replaceAll('\\', '/'))
    .sort();
}

async function fetchModels() {
  const { pullDefaultModels } = await import('../dist/src/cli/pull-models.js');
  await pullDefaultModels();
}

function report(results) {
  const sum = (field) => results.reduce((total, tally) => total + tally[field], 0);
  const failures = results.flatMap((tally) => tally.failures);
  if (failures.length > 0) {
    console.log('\nFailed:');
    for (const { file, name } of failures) console.log(`  ${relative(projectRoot, file)}: ${name}`);
  }
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  if (passed + failed === 0) say('no test ran. Check the words after `npm test --`.');
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}
