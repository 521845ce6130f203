import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import GithubSlugger from 'github-slugger';
import { Marked } from 'marked';

const marked = new Marked();

/**
 * Looks at pages as a forge shows them: each link to a file of the repository has to lead to one, and each `#name` to a
 * heading of that page. Links to other hosts are not asked.
 * @param pages paths below `root`
 * @returns what is wrong, one line each
 */
export function brokenLinks({ pages, root }) {
  const known = new Map();
  const read = (page) => {
    if (!known.has(page)) known.set(page, outlineOf(readFileSync(join(root, page), 'utf8')));
    return known.get(page);
  };
  return pages.flatMap((page) =>
    read(page).links.flatMap((link) => {
      if (/^([a-z]+:|\/\/)/i.test(link)) return [];
      const [path = '', name] = decodeURI(link).split('#');
      const target = path === '' ? page : posix.join(posix.dirname(page), path);
      if (target.startsWith('..') || !existsSync(join(root, target)))
        return [`${page}: ${link} leads nowhere`];
      if (name === undefined) return [];
      const isPage = statSync(join(root, target)).isFile() && target.endsWith('.md');
      const isThere = isPage && read(target).headings.has(name);
      return isThere ? [] : [`${page}: ${link} has no such heading`];
    }),
  );
}

/** Where a page leads to, and the names by which its headings can be linked to. */
function outlineOf(text) {
  const slugger = new GithubSlugger();
  const links = [];
  const headings = new Set();
  marked.walkTokens(marked.lexer(text), (token) => {
    if (token.type === 'link' || token.type === 'image') links.push(token.href);
    if (token.type === 'heading') headings.add(slugger.slug(plain(token.tokens)));
    if (token.type !== 'html') return;
    for (const [, address] of token.text.matchAll(/\s(?:href|src|srcset)="([^"]+)"/g))
      links.push(address);
    for (const [, id] of token.text.matchAll(/\s(?:id|name)="([^"]+)"/g)) headings.add(id);
  });
  return { links, headings };
}

function plain(tokens = []) {
  return tokens.map((token) => (token.tokens ? plain(token.tokens) : (token.text ?? ''))).join('');
}
