import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '#config/root.js';
import { note } from '../report/progress.js';

const run = promisify(execFile);

const OUTPUT_BYTES = 2 ** 26;
/** Of what a program said, when it failed. */
const SHOWN_CHARACTERS = 2000;

export type PythonEnvironmentOptions = {
  /** Folder below `bench/` with `requirements.txt` and the scripts; also its name in messages. */
  readonly name: string;
  /** What the packages are, for a message: "The public scorers". */
  readonly what: string;
  /** What pip needs besides the network; completes "pip needs the network or a mirror of its package index". */
  readonly needs?: string;
};

export type PythonEnvironment = {
  /** The interpreter that has the packages. */
  readonly interpreter: string;
  /** Runs a script of the folder to its end and gives what it wrote. Throws an Error with what it said. */
  run(script: string, args: readonly string[]): Promise<string>;
};

/**
 * A Python environment with the packages of `bench/<name>/requirements.txt`, made where there is none yet or one with
 * other versions. It lies in a folder that git ignores and is kept from run to run.
 *
 * @throws Error that says what is missing: Python, its venv module, or the packages
 */
export async function pythonEnvironment(
  options: PythonEnvironmentOptions,
): Promise<PythonEnvironment> {
  const { name, what } = options;
  const sources = join(projectRoot, 'bench', name);
  const folder = join(projectRoot, 'node_modules', '.cache', name);
  const interpreter = join(
    folder,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const requirements = join(sources, 'requirements.txt');
  const marker = join(folder, 'installed.txt');
  const wanted = await readFile(requirements, 'utf8');
  if (!existsSync(marker) || (await readFile(marker, 'utf8')) !== wanted) {
    await makeEnvironment({ ...options, folder, interpreter, requirements, wanted });
    await writeFile(marker, wanted);
  }
  return {
    interpreter,
    async run(script, args) {
      try {
        const { stdout } = await run(interpreter, [join(sources, script), ...args], {
          maxBuffer: OUTPUT_BYTES,
          env: { ...process.env, PYTHONUTF8: '1' },
        });
        return stdout;
      } catch (error) {
        throw new Error(`${what} failed: ${outputOf(error)}`);
      }
    },
  };
}

async function makeEnvironment({
  name,
  what,
  needs = '',
  folder,
  interpreter,
  requirements,
  wanted,
}: PythonEnvironmentOptions & {
  readonly folder: string;
  readonly interpreter: string;
  readonly requirements: string;
  readonly wanted: string;
}): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const python = process.platform === 'win32' ? 'python' : 'python3';
  try {
    await run(python, ['-m', 'venv', folder]);
  } catch (error) {
    throw new Error(
      `${what} need Python 3.10 or newer and its venv module (on Debian: apt install python3-venv). "${python} -m venv" failed: ${outputOf(error)}`,
    );
  }
  note(`${name}: installing ${wanted.trim().split('\n').join(', ')} (a few minutes, once)`);
  try {
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet'];
    await run(interpreter, [...pip, '--requirement', requirements]);
  } catch (error) {
    throw new Error(
      `${what} could not be installed. pip needs the network or a mirror of its package index${needs}. It said: ${outputOf(error)}`,
    );
  }
}

function outputOf(error: unknown): string {
  const {
    stderr = '',
    stdout = '',
    message,
  } = error as Error & Record<'stderr' | 'stdout', string>;
  return (stderr.trim() || stdout.trim() || message).slice(-SHOWN_CHARACTERS);
}
