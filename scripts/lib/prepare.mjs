import { buildSources } from './build.mjs';
import { buildPage } from './build-page.mjs';
import { checkNode } from './check-node.mjs';
import { installDependencies } from './install.mjs';
import { runStep } from './steps.mjs';

/**
 * Makes a clone ready to run: Node, packages, build. Each step does nothing when its work is already done;
 * a step that fails is explained and ends the process. Only Node's own modules are used up to here.
 */
export async function prepare() {
  await runStep('check Node', () => checkNode());
  await runStep('install packages', () => installDependencies());
  await runStep('build', () => buildSources());
  await runStep('build the page', () => buildPage());
}
