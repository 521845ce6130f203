import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '#config/root.js';
import { note } from '../report/progress.js';

const run = promisify(execFile);

const sources = join(projectRoot, 'bench', 'check-scorers');
/** Ignored by git, and kept from run to run: making it takes minutes. */
const folder = join(projectRoot, 'node_modules', '.cache', 'check-scorers');
const interpreter = join(
  folder,
  ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
);

/**
 * Makes the Python environment with the public scorers where there is none yet, or one with other versions.
 * @throws Error that says what is missing: Python, its venv module, the packages or what builds them
 */
export async function preparePython(): Promise<void> {
  const requirements = join(sources, 'requirements.txt');
  const marker = join(folder, 'installed.txt');
  const wanted = await readFile(requirements, 'utf8');
  if (existsSync(marker) && (await readFile(marker, 'utf8')) === wanted) return;

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const python = process.platform === 'win32' ? 'python' : 'python3';
  try {
    await run(python, ['-m', 'venv', folder]);
  } catch (error) {
    throw new Error(
      `The scorers can only be checked with Python 3.10 or newer and its venv module (on Debian: apt install python3-venv). "${python} -m venv" failed: ${outputOf(error)}`,
    );
  }
  note(`check-scorers: installing ${wanted.trim().split('\n').join(', ')} (a few minutes, once)`);
  try {
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--quiet'];
    await run(interpreter, [...pip, '--requirement', requirements]);
  } catch (error) {
    throw new Error(
      `The public scorers could not be installed. pip needs the network or a mirror of its package index, and a C compiler with Python's headers (meeteval is built from source). It said: ${outputOf(error)}`,
    );
  }
  await writeFile(marker, wanted);
}

/** What `score.py` says about the cases listed in a file. See there for both formats. */
export async function scoreWithPython(casesPath: string): Promise<unknown> {
  try {
    const { stdout } = await run(interpreter, [join(sources, 'score.py'), casesPath], {
      maxBuffer: 2 ** 26,
      env: { ...process.env, PYTHONUTF8: '1' },
    });
    return JSON.parse(stdout) as unknown;
  } catch (error) {
    throw new Error(`The public scorers failed: ${outputOf(error)}`);
  }
}

function outputOf(error: unknown): string {
  const {
    stderr = '',
    stdout = '',
    message,
  } = error as Error & Record<'stderr' | 'stdout', string>;
  return (stderr.trim() || stdout.trim() || message).slice(-2000);
}
