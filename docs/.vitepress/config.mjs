import { cpSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { drawDiagrams } from './diagrams.mjs';
import { keepLinksInSite } from './links.mjs';
import { sidebar } from './sidebar.mjs';

/**
 * The site of these pages (`npm run docs:site`). The pages are written to be read where the repository lies; what a site
 * needs besides is here. Nothing is fetched from other hosts, neither when it is built nor when it is read.
 */
export default defineConfig({
  title: 'whosaid',
  description: 'A transcription server for your own machine that also says who spoke.',
  lang: 'en',
  cleanUrls: false,
  lastUpdated: false,
  // Built pages work below any path of a web server.
  base: process.env.DOCS_BASE ?? '/',
  rewrites: { 'README.md': 'index.md', ':folder/README.md': ':folder/index.md' },
  markdown: {
    // The names of headings are those of the forge, so that a link to one works in both places.
    anchor: { slugify: slug },
    config(md) {
      keepLinksInSite(md, { repository: process.env.DOCS_REPOSITORY });
      drawDiagrams(md);
    },
  },
  // Rules and dashboards that pages link to.
  buildEnd({ srcDir, outDir }) {
    for (const path of readdirSync(srcDir, { recursive: true })) {
      const isKept = ['.yaml', '.json'].includes(extname(path)) && !path.startsWith('.vitepress');
      if (isKept) cpSync(join(srcDir, path), join(outDir, path));
    }
  },
  themeConfig: {
    sidebar: sidebar(),
    outline: [2, 3],
    search: { provider: 'local' },
    docFooter: { prev: false, next: false },
  },
});
