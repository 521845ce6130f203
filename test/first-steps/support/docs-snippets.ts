import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';

/** A piece of code on a page of docs/ that a comment before it marks as run by a test. */
export type DocsSnippet = {
  /** Below docs/, with forward slashes. */
  readonly page: string;
  /** Line of the fence. */
  readonly line: number;
  /** As the fence says it: `sh`, `js`, `python`. */
  readonly language: string;
  readonly code: string;
  /** What stdout has to hold. */
  readonly prints?: string;
  /** File that is there afterwards, and what it has to hold. */
  readonly makes?: string;
  readonly holds?: string;
};

const MARKED = /^<!-- test\/first-steps runs this snippet: (.+) -->\n```(\w+)\n([\s\S]+?)^```$/gm;
const PRINTS = /^it prints "(.+)"$/;
const MAKES = /^it makes ([^\s,]+)(?:, which holds "(.+)")?$/;

/** All of them, page by page in their order. Throws for a mark that promises nothing that can be looked at. */
export function docsSnippets(): DocsSnippet[] {
  return markdownPages().flatMap((page) => {
    const text = readPage(page);
    const marks = text.match(/^<!-- test\/first-steps runs this snippet/gm)?.length ?? 0;
    const found = [...text.matchAll(MARKED)].map((match) => {
      const [whole, promise = '', language = '', code = ''] = match;
      const line = text.slice(0, match.index + whole.indexOf('```')).split('\n').length;
      return { page, line, language, code, ...promised(promise, `${page}:${line}`) };
    });
    if (found.length !== marks)
      throw new Error(`${page}: ${marks} snippets are marked, ${found.length} can be read`);
    return found;
  });
}

/** The code below a mark of its own, such as a configuration: the only one on its page. */
export function markedCode(page: string, mark: string): string {
  const text = readPage(page);
  const at = text.indexOf(`<!-- ${mark} -->\n`);
  const [, code] = /```\w+\n([\s\S]+?)^```$/m.exec(at < 0 ? '' : text.slice(at)) ?? [];
  if (code === undefined) throw new Error(`${page} has no code below "${mark}"`);
  return code;
}

function promised(text: string, where: string): Pick<DocsSnippet, 'prints' | 'makes' | 'holds'> {
  const [, prints] = PRINTS.exec(text) ?? [];
  if (prints !== undefined) return { prints };
  const [, makes, holds] = MAKES.exec(text) ?? [];
  if (makes === undefined)
    throw new Error(`${where}: what the mark promises cannot be read: ${text}`);
  return { makes, ...(holds !== undefined && { holds }) };
}

function markdownPages(): string[] {
  return readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md') && !path.startsWith('.vitepress/'))
    .sort();
}

function readPage(page: string): string {
  return readFileSync(join(projectRoot, 'docs', page), 'utf8').replaceAll('\r\n', '\n');
}
