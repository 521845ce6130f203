import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';
import { runCommand } from './run-command.mjs';
import { hashFiles, listFiles } from './source-files.mjs';
import { StepError, say } from './steps.mjs';

/** Folders that tsconfig.json includes. */
const SOURCE_FOLDERS = ['config', 'src', 'services', 'utils', 'test', 'bench'];
const STAMP = join('dist', '.built');

/**
 * Compiles the sources to dist/ when they are not those of the last build. Sources are compared by content: times
 * say little after a clone, a copy or a change of branch.
 */
export async function buildSources({ root = projectRoot } = {}) {
  const stampPath = join(root, STAMP);
  const before = existsSync(stampPath) ? JSON.parse(readFileSync(stampPath, 'utf8')) : undefined;
  const sources = SOURCE_FOLDERS.flatMap((folder) => listFiles(root, folder, isSource)).sort();
  const hash = hashFiles(root, [...sources, 'tsconfig.json', 'package.json']);
  if (before?.hash === hash) return;

  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(compiler)) {
    throw new StepError(
      'The sources have changed since the last build, and no compiler is installed.',
      {
        remedy: 'Run `npm ci --include=dev`, then the same command again.',
      },
    );
  }
  say('building');
  removeOutputsOf(
    root,
    (before?.sources ?? []).filter((path) => !sources.includes(path)),
  );
  await runCommand({
    command: process.execPath,
    args: [compiler, '-p', 'tsconfig.json', '--pretty', 'false'],
    cwd: root,
    quiet: true,
    remedy: 'Correct the errors above; in a clone without changes of your own, report them.',
  });
  writeFileSync(stampPath, JSON.stringify({ hash, sources }));
}

function isSource(name) {
  return name.endsWith('.ts');
}

/** The compiler leaves the outputs of deleted sources behind; a deleted test would run for ever. */
function removeOutputsOf(root, sources) {
  for (const source of sources) {
    const output = join(root, 'dist', source.replace(/\.ts$/, '.js'));
    for (const path of [output, `${output}.map`]) rmSync(path, { force: true });
  }
}
