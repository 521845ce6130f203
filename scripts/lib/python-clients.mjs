import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';
import { runCommand } from './run-command.mjs';
import { say } from './steps.mjs';

const FOLDER = join(projectRoot, '.cache', 'python-clients');
const REQUIREMENTS = join(projectRoot, 'test', 'clients', 'python', 'requirements.txt');
const isWindows = process.platform === 'win32';

/**
 * Makes the virtual environment with the clients in Python that tests use, once for each list of requirements.
 * Never fails: `state.json` in it says which Python to run, or why there is none, and the tests skip with that reason.
 */
export async function preparePythonClients() {
  const requirements = readFileSync(REQUIREMENTS, 'utf8');
  const stamp = createHash('sha256').update(requirements).digest('hex');
  const before = readState();
  if (before?.stamp === stamp && existsSync(before.python ?? '')) return;
  say('installing the Python clients that tests use; this is done once');
  const state = await makeEnvironment(requirements).then(
    (made) => ({ ...made, stamp }),
    (error) => ({ missing: `no Python clients: ${firstLines(error.message)}` }),
  );
  if (state.missing !== undefined) say(`${state.missing}. Their tests are skipped.`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'state.json'), `${JSON.stringify(state, undefined, 2)}\n`);
}

async function makeEnvironment(requirements) {
  rmSync(FOLDER, { recursive: true, force: true });
  const quietly = { cwd: projectRoot, quiet: true };
  await runCommand({
    ...quietly,
    command: isWindows ? 'python' : 'python3',
    args: ['-m', 'venv', FOLDER],
  });
  const python = join(FOLDER, ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  await runCommand({
    ...quietly,
    command: python,
    args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS],
  });
  return { python, versions: versionsOf(requirements) };
}

/** Name and version of every line `name==version`. */
function versionsOf(requirements) {
  return Object.fromEntries(
    [...requirements.matchAll(/^([\w.-]+)==(\S+)$/gm)].map(([, name, version]) => [name, version]),
  );
}

function readState() {
  const path = join(FOLDER, 'state.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

function firstLines(text) {
  return text.split('\n').slice(0, 4).join(' ').slice(0, 400);
}
