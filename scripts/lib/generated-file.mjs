import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';

/**
 * Writes a generated file, or with `--check` among the arguments compares it and sets exit code 1 when it differs.
 */
export function writeOrCheck({ path, text, command }) {
  const target = join(projectRoot, path);
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
    console.log(`${path}: written`);
    return;
  }
  // A checkout on Windows may have other line ends.
  const before = existsSync(target) ? readFileSync(target, 'utf8').replaceAll('\r\n', '\n') : '';
  if (before === text) {
    console.log(`${path}: up to date`);
    return;
  }
  console.error(
    `${path}: ${firstDifference(before, text)}. Run \`${command}\` and commit the result.`,
  );
  process.exitCode = 1;
}

function firstDifference(before, after) {
  const [left, right] = [before.split('\n'), after.split('\n')];
  const index = right.findIndex((line, at) => line !== left[at]);
  const at = index === -1 ? right.length : index;
  return `line ${at + 1} is ${JSON.stringify(left[at] ?? '')}, expected ${JSON.stringify(right[at] ?? '')}`;
}
