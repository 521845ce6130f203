import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compressFiles } from './compress-files.mjs';
import { projectRoot } from './project.mjs';
import { runCommand } from './run-command.mjs';
import { hashFiles, listFiles } from './source-files.mjs';
import { StepError, say } from './steps.mjs';

const OUTPUT = join('dist', 'web');
/** In the output, which is emptied before each build: one that failed is no build. */
const STAMP = join(OUTPUT, '.built');
/** What the page is made of besides its own folder and utils/; the lock file has the versions of its packages. */
const OTHER_SOURCES = [
  'package-lock.json',
  'scripts/vite.config.mjs',
  'scripts/lib/compress-files.mjs',
];

/** Builds the page of src/web to dist/web, with each file compressed beside it, when its sources have changed. */
export async function buildPage({ root = projectRoot } = {}) {
  const sources = ['src/web', 'utils'].flatMap((folder) => listFiles(root, folder, () => true));
  const hash = hashFiles(root, [...sources.sort(), ...OTHER_SOURCES]);
  const stampPath = join(root, STAMP);
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === hash) return;

  const bundler = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(bundler)) {
    throw new StepError(
      'The page has changed since the last build, and nothing that could build it is installed.',
      { remedy: 'Run `npm ci --include=dev`, then the same command again.' },
    );
  }
  say('building the page');
  await runCommand({
    command: process.execPath,
    args: [bundler, 'build', '--config', 'scripts/vite.config.mjs', '--logLevel', 'warn'],
    cwd: root,
    quiet: true,
    remedy: 'Correct the errors above; in a clone without changes of your own, report them.',
  });
  await compressFiles(join(root, OUTPUT));
  writeFileSync(stampPath, hash);
}
