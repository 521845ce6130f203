import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DOCS = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * The sections of docs/README.md with the pages that each links to, in that order and under their own titles: what a
 * reader on the forge finds is what the site shows. Throws for a page that the README leaves out.
 */
export function sidebar() {
  const sections = read('README.md').split(/^## /m).slice(1);
  const listed = new Set();
  const items = sections.map((section) => ({
    text: section.split('\n', 1)[0],
    items: pagesIn(section).flatMap((page) => {
      if (listed.has(page)) return [];
      listed.add(page);
      return [
        { text: titleOf(page), link: `/${page.replace(/README\.md$/, '').replace(/\.md$/, '')}` },
      ];
    }),
  }));
  for (const [folder, title] of [['recipes', 'Recipes']]) {
    const pages = pagesIn(read(`${folder}/README.md`)).map((page) => `${folder}/${page}`);
    for (const page of pages) listed.add(page);
    const own = pages.map((page) => ({
      text: titleOf(page),
      link: `/${page.replace(/\.md$/, '')}`,
    }));
    items.splice(1, 0, { text: title, items: own });
  }
  const left = allPages().filter((page) => !listed.has(page));
  if (left.length > 0) throw new Error(`docs/README.md does not name: ${left.join(', ')}`);
  return items.filter(({ items: pages }) => pages.length > 0);
}

/** Pages below docs that a text links to. */
function pagesIn(text) {
  const links = [...text.matchAll(/\]\(([^)#:]+\.md)(?:#[^)]*)?\)/g)].map(([, path]) => path);
  return [...new Set(links)].filter((path) => !path.startsWith('..'));
}

function titleOf(page) {
  // What stands before a colon is name enough for a list.
  return /^# ([^:\n]+)/m.exec(read(page))?.[1] ?? page;
}

/** All but the README itself, and the decisions, which their own README lists. */
function allPages() {
  return readdirSync(DOCS, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md') && !/^(\.vitepress|decisions\/(?!README))/.test(path))
    .filter((path) => path !== 'README.md');
}

function read(path) {
  return readFileSync(join(DOCS, path), 'utf8');
}
