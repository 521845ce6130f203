import { join } from 'node:path';
import { projectRoot } from './lib/project.mjs';

/**
 * How the page in src/web is built. Addresses in it are relative, so that it works behind a proxy that adds a path, and
 * nothing is put into the markup: its policy allows no inline scripts and styles.
 * `npx vite --config scripts/vite.config.mjs` serves it while it is worked on, with the API of a server on port 8000.
 */
export default {
  root: join(projectRoot, 'src', 'web'),
  base: './',
  publicDir: false,
  clearScreen: false,
  resolve: {
    alias: [{ find: /^#utils\//, replacement: join(projectRoot, 'utils/') }],
  },
  build: {
    outDir: join(projectRoot, 'dist', 'web'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/v1': 'http://127.0.0.1:8000', '/health': 'http://127.0.0.1:8000' },
  },
};
