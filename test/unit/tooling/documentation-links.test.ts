import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '#config/root.js';
import { testFolder } from '../../support/paths.js';

const script = (name: string) => import(pathToFileURL(join(projectRoot, 'scripts/lib', name)).href);

let folder: Awaited<ReturnType<typeof testFolder>>;
before(async () => {
  folder = await testFolder();
});
after(() => folder.remove());

const write = async (files: Record<string, string>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
};

describe('links between Markdown files', () => {
  const problems = async (files: Record<string, string>): Promise<string[]> => {
    await write(files);
    const { brokenLinks } = await script('markdown-links.mjs');
    return brokenLinks({ pages: Object.keys(files), root: folder.path });
  };

  it('may lead to files, folders, headings and other hosts', async () => {
    const found = await problems({
      'a.md':
        '[b](sub/b.md#whispercpps-server) [sub](sub) [own](#a) [out](https://a.test/x)\n\n# A',
      'sub/b.md':
        "# B\n\n## whisper.cpp's server\n\n## `A` again\n\n[up](../a.md) [same](#a-again)",
    });
    assert.deepEqual(found, []);
  });

  it('are told where they lead nowhere, in tables, pictures and HTML, too', async () => {
    const found = await problems({
      'c.md':
        '| a |\n|---|\n| [x](gone.md) |\n\n![y](gone.svg)\n\n<img src="lost.svg">\n\n[z](#none)',
    });
    assert.deepEqual(found, [
      'c.md: gone.md leads nowhere',
      'c.md: gone.svg leads nowhere',
      'c.md: lost.svg leads nowhere',
      'c.md: #none has no such heading',
    ]);
  });

  it('are no links in code', async () => {
    assert.deepEqual(await problems({ 'd.md': '`[x](gone.md)`\n\n```\n[y](gone.md)\n```\n' }), []);
  });
});

describe('a built site', () => {
  const problems = async (files: Record<string, string>): Promise<string[]> => {
    const site = `site-${Object.keys(files).join('-').replaceAll('/', '-')}`;
    await write(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`${site}/${name}`, text])),
    );
    const { checkSite } = await script('site-check.mjs');
    return checkSite(join(folder.path, site), { base: '/docs/' }).problems;
  };

  it('may link to its own files and to other hosts', async () => {
    const found = await problems({
      'index.html':
        '<a href="/docs/sub/a.html#there">a</a> <a href="https://a.test">b</a> <img src="data:x">',
      'sub/a.html':
        '<h1 id="there">A</h1> <a href="./../index.html">up</a> <a href="#there">same</a>',
    });
    assert.deepEqual(found, []);
  });

  it('is refused for links that lead nowhere', async () => {
    const found = await problems({
      'b.html':
        '<a href="/docs/gone.html">x</a> <a href="#none">y</a> <a href="/b.html">outside</a>',
    });
    assert.deepEqual(found, [
      'b.html: /docs/gone.html leads nowhere',
      'b.html: #none has no such heading',
      'b.html: /b.html leads nowhere',
    ]);
  });

  it('is refused for what it takes from other hosts', async () => {
    const found = await problems({
      'c.html': '<script src="https://cdn.test/x.js"></script>',
      'c.css': "@import url('https://fonts.test/x.css'); a { background: url(//b.test/y.png) }",
    });
    assert.equal(found.length, 3, found.join('\n'));
  });
});
