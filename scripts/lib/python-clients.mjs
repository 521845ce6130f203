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
 * Makes the virtual environment with the clients in Python that tests use, once for each `list` of requirements.
 * Never fails over them: `state.json` in `folder` says which Python to run, or why there is none, and the tests skip with that reason.
 */
export async function preparePythonClients({ folder = FOLDER, list = REQUIREMENTS } = {}) {
  const requirements = readFileSync(list, 'utf8');
  const stamp = createHash('sha256').update(requirements).digest('hex');
  const before = readState(folder);
  if (before?.stamp === stamp && existsSync(before.python ?? '')) return;
  say('installing the Python clients that tests use; this is done once');
  const state = await makeEnvironment({ folder, list }).then(
    (python) => ({ python, versions: versionsOf(requirements), stamp }),
    (error) => ({ missing: `no Python clients: ${firstLines(error.message)}` }),
  );
  if (state.missing !== undefined) say(`${state.missing}. Their tests are skipped.`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'state.json'), `${JSON.stringify(state, undefined, 2)}\n`);
}

/** Path of the Python in it. */
async function makeEnvironment({ folder, list }) {
  rmSync(folder, { recursive: true, force: true });
  const quietly = { cwd: projectRoot, quiet: true };
  await runCommand({
    ...quietly,
    command: isWindows ? 'python' : 'python3',
    args: ['-m', 'venv', folder],
  });
  const python = join(folder, ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  await runCommand({
    ...quietly,
    command: python,
    args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', list],
  });
  return python;
}

/** Name and version of every line `name==version`. */
function versionsOf(requirements) {
  return Object.fromEntries(
    [...requirements.matchAll(/^([\w.-]+)==(\S+)$/gm)].map(([, name, version]) => [name, version]),
  );
}

/** Undefined for a file that is missing or was cut short when the machine stopped: the environment is made anew. */
function readState(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

function firstLines(text) {
  return text.split('\n').slice(0, 4).join(' ').slice(0, 400);
}
