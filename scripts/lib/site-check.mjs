import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';

const ATTRIBUTE = /<(\w+)\b[^>]*?\s(?:href|src)="([^"]*)"/g;

/**
 * Looks at a built site as it lies on disk: each link, picture and script of each page has to be a file of the site, and each
 * `#name` an element there. Pages may link to other hosts and take nothing from them.
 * @returns how many pages there are, their size with all that they use, and what is wrong, one line each
 */
export function checkSite(folder, { base = process.env.DOCS_BASE ?? '/' } = {}) {
  const files = readdirSync(folder, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(folder, path)).isFile());
  const pages = files.filter((path) => path.endsWith('.html'));
  const idsOf = memoised((page) => idsIn(readFileSync(join(folder, page), 'utf8')));
  const problems = [
    ...pages.flatMap((page) => linkProblems(page, { folder, base, idsOf })),
    ...files.filter((path) => path.endsWith('.css')).flatMap((path) => styleProblems(path, folder)),
  ];
  const bytes = files.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
  return { pages: pages.length, bytes, problems: [...new Set(problems)] };
}

function linkProblems(page, { folder, base, idsOf }) {
  const html = readFileSync(join(folder, page), 'utf8');
  return [...html.matchAll(ATTRIBUTE)].flatMap(([, element, address]) => {
    if (address.startsWith('data:')) return [];
    if (/^([a-z]+:)?\/\//i.test(address))
      return element === 'a' ? [] : [`${page}: <${element}> takes ${address} from another host`];
    const [path = '', name] = decodeURIComponent(address).split('#');
    const target = path === '' ? page : fileOf(path, { page, base, folder });
    if (target === undefined) return [`${page}: ${address} leads nowhere`];
    const isThere = name === undefined || name === '' || idsOf(target).has(name);
    return isThere ? [] : [`${page}: ${address} has no such heading`];
  });
}

/** The file of the site that a path means, seen from a page; undefined where there is none. */
function fileOf(path, { page, base, folder }) {
  const file = path.startsWith('/')
    ? path.startsWith(base) && path.slice(base.length)
    : posix.join(posix.dirname(page), path);
  if (file === false) return undefined;
  const tries = [file, `${file}.html`, posix.join(file, 'index.html')];
  return tries.find(
    (each) => existsSync(join(folder, each)) && statSync(join(folder, each)).isFile(),
  );
}

function styleProblems(path, folder) {
  const text = readFileSync(join(folder, path), 'utf8');
  const outside = [...text.matchAll(/(?:@import|url\()\s*["']?(?:https?:)?\/\/[^"')]*/g)];
  return outside.map(([found]) => `${path}: ${found} is of another host`);
}

function idsIn(html) {
  return new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => decodeURIComponent(id)));
}

function memoised(read) {
  const known = new Map();
  return (key) => {
    if (!known.has(key)) known.set(key, read(key));
    return known.get(key);
  };
}
