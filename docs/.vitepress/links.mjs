import { posix } from 'node:path';

/**
 * Links that are right on the forge, put right for the site: `README.md` is a folder's index here, and what lies outside of
 * docs/ is not part of the site. Such a link becomes the name of the file, or, with `repository` (where the files of the
 * repository hang below), a link to it there.
 */
export function keepLinksInSite(md, { repository }) {
  md.core.ruler.push('links-in-site', ({ tokens, env }) => {
    for (const { children } of tokens) {
      for (const [at, token] of (children ?? []).entries()) {
        if (token.type === 'link_open') putRight(token, { children, at, env, repository });
      }
    }
  });
}

function putRight(token, { children, at, env, repository }) {
  const href = token.attrGet('href') ?? '';
  if (href.startsWith('#') || /^[a-z]+:/i.test(href)) return;
  const page = env.originalPath ?? env.relativePath;
  const target = posix.join('docs', posix.dirname(page), href);
  if (target.startsWith('docs/')) {
    token.attrSet('href', href.replace(/(^|\/)README\.md(?=#|$)/, '$1index.md'));
    return;
  }
  if (repository !== undefined) {
    token.attrSet('href', `${repository.replace(/\/$/, '')}/${target}`);
    return;
  }
  const close = children.findIndex(({ type }, index) => index > at && type === 'link_close');
  asHtml(token, `<span class="in-repository" title="${target} in the repository">`);
  asHtml(children[close], '</span>');
}

function asHtml(token, content) {
  Object.assign(token, { type: 'html_inline', tag: '', attrs: null, nesting: 0, content });
}
