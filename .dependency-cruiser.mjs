import { fileURLToPath } from 'node:url';

/**
 * Layers: src → services → utils. Settings are read at entry points and passed down. `npm run layers` applies the rules
 * to the sources; test/unit/tooling/layers.test.ts proves that each of them can fail.
 */
const IO_MODULES = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'inspector',
  'net',
  'readline',
  'repl',
  'tls',
  'worker_threads',
].join('|');

export default {
  forbidden: [
    {
      name: 'utils-import-utils-only',
      comment: 'utils/ holds pure functions: they know nothing of the layers above.',
      severity: 'error',
      from: { path: '^utils/' },
      to: { path: '^(src|services|config|test|bench)/' },
    },
    {
      name: 'utils-have-no-io',
      comment: 'utils/ holds pure functions without input or output.',
      severity: 'error',
      from: { path: '^utils/' },
      to: { dependencyTypes: ['core'], path: `^(node:)?(${IO_MODULES})(/|$)` },
    },
    {
      name: 'services-import-downwards',
      comment: 'services/ is used by src/, not the other way round.',
      severity: 'error',
      from: { path: '^services/' },
      to: { path: '^(src|test|bench)/' },
    },
    {
      name: 'page-imports-utils-only',
      comment: 'src/web/ runs in browsers: of ours it may use the pure functions of utils/.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^(src/(?!web/)|services/|config/|test/|bench/)' },
    },
    {
      name: 'page-without-node',
      comment: 'Browsers have none of the modules of Node.',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'page-stands-alone',
      comment: 'The server serves the page that was built; it imports nothing of it.',
      severity: 'error',
      from: { path: '^(src/(?!web/)|services/|utils/|config/)' },
      to: { path: '^src/web/' },
    },
    {
      name: 'config-at-entry-points',
      comment: 'Settings are read at entry points and passed down as options.',
      severity: 'error',
      from: {
        path: '^(src|services|utils)/',
        pathNot:
          '^src/(cli/.*|main|server|runtime|open-jobs|open-shared-jobs|worker/(main|start-worker))\\.ts$',
      },
      // Types vanish when compiled: a function may say that it takes Settings.
      to: { path: '^config/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'onnxruntime-through-one-door',
      comment:
        'services/onnx/runtime.ts keeps it from reporting to its maker; whoever loads it first decides.',
      severity: 'error',
      from: { pathNot: '^services/onnx/runtime\\.ts$' },
      to: { path: '(^|/)onnxruntime-node(/|$)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'config-stands-alone',
      severity: 'error',
      from: { path: '^config/' },
      to: { path: '^(src|services|test|bench)/' },
    },
    {
      name: 'product-without-tests',
      comment: 'What is shipped does not import tests or measurements.',
      severity: 'error',
      from: { path: '^(src|services|utils|config)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      // Types vanish when compiled, and a cycle of them is none.
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'everything-resolves',
      comment: 'An import that cannot be followed cannot be checked.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'product-uses-production-dependencies',
      comment:
        'A package that only developers have would be missing after an install without them.',
      severity: 'error',
      from: { path: '^(src|services|utils|config)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // Only its `resolve` part is used: `#…` imports lead to the sources, not to dist/.
    webpackConfig: {
      fileName: fileURLToPath(new URL('scripts/layers-resolve.cjs', import.meta.url)),
    },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
