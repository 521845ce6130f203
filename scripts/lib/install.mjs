import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';
import { runCommand } from './run-command.mjs';
import { say } from './steps.mjs';

const STAMP = '.whosaid-installed';

/**
 * Installs what package-lock.json names, when node_modules is missing or holds something else.
 * A stamp in node_modules makes the usual case (nothing to do) one small file to read.
 */
export async function installDependencies({ root = projectRoot } = {}) {
  const lock = readText(join(root, 'package-lock.json'));
  const modules = join(root, 'node_modules');
  const stamp = join(modules, STAMP);
  const wanted = stampFor(lock ?? '');
  if (readText(stamp) === wanted) return;
  // Somebody may have run npm by hand: what is there counts, not who put it there.
  if (lock === undefined || !holdsPackagesOf(lock, modules)) await runNpm({ root, lock });
  if (existsSync(modules)) writeFileSync(stamp, wanted);
}

async function runNpm({ root, lock }) {
  const verb = lock === undefined ? 'install' : 'ci';
  say(`installing the packages it needs (npm ${verb}); this is done once and takes a minute`);
  const { command, args } = npm([verb, '--include=dev', '--no-audit', '--no-fund']);
  await runCommand({
    command,
    args,
    cwd: root,
    remedy:
      'Look at the npm messages above. Usually the registry cannot be reached (try `npm ping`) or the disk is full ' +
      '(about 1.2 GB is needed). Then run the same command again.',
  });
}

/** npm itself when it runs us, so that the same npm installs; otherwise the one on the PATH. */
function npm(args) {
  const self = process.env.npm_execpath;
  return self !== undefined && /npm-cli\.[cm]?js$/.test(self)
    ? { command: process.execPath, args: [self, ...args] }
    : { command: 'npm', args };
}

/** Whether node_modules has every package of the lock file at its version. Optional ones depend on the platform. */
function holdsPackagesOf(lockText, modules) {
  const installed = readJson(join(modules, '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  return Object.entries(JSON.parse(lockText).packages).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional === true ||
      entry.devOptional === true ||
      installed[path]?.version === entry.version,
  );
}

/** Native packages differ by platform and processor: a node_modules copied from elsewhere must not pass. */
function stampFor(lock) {
  const hash = createHash('sha256').update(lock).digest('hex');
  return `${process.platform}-${process.arch} ${hash}\n`;
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function readJson(path) {
  const text = readText(path);
  return text === undefined ? undefined : JSON.parse(text);
}
