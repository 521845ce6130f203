import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installDependencies } from './lib/install.mjs';
import { projectRoot } from './lib/project.mjs';
import { runStep, StepError, say } from './lib/steps.mjs';

/**
 * `npm run docs:site`: the pages of docs/ as a site in docs/.vitepress/dist, which needs no network to be read. Fails when a
 * link leads nowhere, on the site or where the repository lies, and when a page wants anything from another host.
 */
await runStep('install packages', () => installDependencies());
await runStep('check links between files', async () => {
  const { brokenLinks } = await import('./lib/markdown-links.mjs');
  const pages = markdownIn('.').concat(markdownIn('docs'));
  refuse(brokenLinks({ pages, root: projectRoot }));
  say(`${pages.length} files: every link leads somewhere`);
});
await runStep('build the site', async () => {
  const { build } = await import('vitepress');
  await build(join(projectRoot, 'docs'));
});
await runStep('check the site', async () => {
  const { checkSite } = await import('./lib/site-check.mjs');
  const { pages, bytes, problems } = checkSite(join(projectRoot, 'docs', '.vitepress', 'dist'));
  refuse(problems);
  say(
    `docs/.vitepress/dist: ${pages} pages, ${(bytes / 1e6).toFixed(1)} MB, every link leads somewhere`,
  );
});

/** Of the folder itself at the root, and of docs with all that is below. */
function markdownIn(folder) {
  return readdirSync(join(projectRoot, folder), { recursive: folder !== '.' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md') && !path.startsWith('.vitepress/'))
    .map((path) => (folder === '.' ? path : `${folder}/${path}`));
}

function refuse(problems) {
  if (problems.length === 0) return;
  throw new StepError(problems.join('\n'), { remedy: 'Put these links right, then run it again.' });
}
