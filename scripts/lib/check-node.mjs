import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';
import { StepError } from './steps.mjs';

/** Throws when this Node is older than `engines.node` of package.json (a minimum such as `>=20.19`) asks for. */
export function checkNode({ version = process.versions.node } = {}) {
  const { engines } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const minimum = engines.node.replace('>=', '');
  if (compareVersions(version, minimum) >= 0) return;
  throw new StepError(`This is Node ${version}; whosaid needs Node ${minimum} or newer.`, {
    remedy: 'Install a current Node, then run the same command again.',
  });
}

function compareVersions(left, right) {
  const leftParts = left.split('.').map(Number);
  const rightParts = right.split('.').map(Number);
  for (let index = 0; index < 3; index++) {
    const difference = (leftParts[index] || 0) - (rightParts[index] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
