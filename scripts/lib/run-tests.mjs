import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOTHING = { passed: 0, failed: 0, skipped: 0, failures: [] };
// A reporter must be a URL or a package: a Windows path is neither.
const tallyReporter = new URL('./tally-reporter.mjs', import.meta.url).href;

/**
 * Runs compiled test files with Node's test runner, shows its report unless told not to, and counts.
 * A run that died without counting is one failure.
 * @returns {Promise<{ passed: number, failed: number, skipped: number, failures: { file: string, name: string }[] }>}
 */
export async function runTestFiles({ files, concurrency, cwd, show = true }) {
  if (files.length === 0) return NOTHING;
  const folder = mkdtempSync(join(tmpdir(), 'whosaid-tally-'));
  const tallyPath = join(folder, 'tally.json');
  try {
    const end = await runNode({
      args: [
        '--enable-source-maps',
        '--test',
        `--test-concurrency=${concurrency}`,
        '--test-reporter=spec',
        '--test-reporter-destination=stdout',
        `--test-reporter=${tallyReporter}`,
        `--test-reporter-destination=${tallyPath}`,
        ...files,
      ],
      cwd,
      show,
    });
    const tally = readTally(tallyPath);
    if (tally === undefined || (end !== 'exit code 0' && tally.failed === 0)) {
      const name = `the test runner ended with ${end}`;
      return { ...(tally ?? NOTHING), failed: 1, failures: [{ file: '', name }] };
    }
    return tally;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runNode({ args, cwd, show }) {
  return new Promise((resolve) => {
    // Inside another test runner Node would report to that one and run nothing.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const child = spawn(process.execPath, args, {
      cwd,
      env,
      stdio: show ? ['ignore', 'inherit', 'inherit'] : 'ignore',
    });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}

function readTally(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
