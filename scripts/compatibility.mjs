import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compatibilityPage, differences, signsOf } from './lib/compatibility-page.mjs';
import { prepare } from './lib/prepare.mjs';
import { projectRoot } from './lib/project.mjs';
import { preparePythonClients } from './lib/python-clients.mjs';
import { runTestFiles } from './lib/run-tests.mjs';

/**
 * `npm run compatibility`: drives the gateway with every client (test/clients) and writes docs/compatibility.md.
 * `npm run compatibility:check` says whether the page is what the last run of those tests found, versions aside, and
 * runs them when they have not been run. Clients that this machine does not have are not compared.
 */
const PAGE = 'docs/compatibility.md';
const page = join(projectRoot, PAGE);
const resultsPath = join(projectRoot, '.cache', 'compatibility.json');
const check = process.argv.includes('--check');

if (!check || !existsSync(resultsPath)) await runClients();
const results = JSON.parse(readFileSync(resultsPath, 'utf8'));
const before = existsSync(page) ? readFileSync(page, 'utf8').replaceAll('\r\n', '\n') : '';
if (check) compare();
else write();

async function runClients() {
  await prepare();
  await preparePythonClients();
  const { pullDefaultModels } = await import('../dist/src/cli/pull-models.js');
  await pullDefaultModels();
  rmSync(resultsPath, { force: true });
  const files = ['dist/test/clients/clients.test.js'];
  await runTestFiles({ files, concurrency: 1, cwd: projectRoot });
}

function compare() {
  const found = differences(before, results);
  const names = results.clients.map(({ name }) => name).join(', ');
  if (found.length === 0) {
    console.log(`${PAGE}: up to date (compared: ${names})`);
    return;
  }
  console.error(`${PAGE}: run \`npm run compatibility\` and commit the result.`);
  for (const line of found) console.error(`  ${line}`);
  process.exitCode = 1;
}

function write() {
  const cells = results.clients.flatMap((client) => Object.values(client.results));
  const count = (result) => cells.filter((each) => each === result).length;
  writeFileSync(page, compatibilityPage(results, signsOf(before, results)));
  console.log(
    `${PAGE}: written (${count('works')} work, ${count('fails')} fail, ${count('untried')} not tried here)`,
  );
  if (count('fails') > 0) process.exitCode = 1;
}
