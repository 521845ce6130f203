import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';

/** One file, and the rule that must object to it. */
const badFiles = [
  ['utils/reads-a-file.ts', "import 'node:fs/promises';", 'utils-have-no-io'],
  ['utils/calls-up.ts', "import '../services/good.js';", 'utils-import-utils-only'],
  ['services/calls-up.ts', "import '../src/app.js';", 'services-import-downwards'],
  ['services/reads-settings.ts', "import '../config/settings.js';", 'config-at-entry-points'],
  ['src/routes/reads-settings.ts', "import '../../config/settings.js';", 'config-at-entry-points'],
  ['src/web/calls-the-server.tsx', "import '../app.js';", 'page-imports-utils-only'],
  ['src/web/calls-services.ts', "import '../../services/good.js';", 'page-imports-utils-only'],
  ['src/web/wants-node.ts', "import 'node:path';", 'page-without-node'],
  ['src/routes/imports-the-page.ts', "import '../web/view.js';", 'page-stands-alone'],
  ['config/calls-up.ts', "import '../services/good.js';", 'config-stands-alone'],
  ['src/imports-a-test.ts', "import '../test/helper.js';", 'product-without-tests'],
  ['services/loads.ts', "import 'onnxruntime-node';", 'onnxruntime-through-one-door'],
  ['services/one.ts', "import './two.js';", 'no-cycles'],
  ['services/nowhere.ts', "import './nothing-here.js';", 'everything-resolves'],
] as const;

const goodFiles: Readonly<Record<string, string>> = {
  'services/good.ts': 'export {};',
  'services/two.ts': "import './one.js';",
  'src/app.ts': "import '../services/good.js';",
  'src/main.ts': "import '../config/settings.js';\nimport './app.js';",
  'src/web/view.tsx': "import '../../utils/pure.js';",
  'utils/pure.ts': 'export {};',
  'config/settings.ts': 'export {};',
  'test/helper.ts': 'export {};',
};

type Violation = { from: string; rule: { name: string } };

describe('layer check', () => {
  let folder: string;
  let violations: Violation[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whosaid-layers-'));
    const files = [...badFiles.map(([path, text]) => [path, text]), ...Object.entries(goodFiles)];
    for (const [path, text] of files as [string, string][]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    violations = await cruise(folder);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  for (const [path, , rule] of badFiles) {
    it(`objects to ${path} (${rule})`, () => {
      const found = violations.filter(({ from }) => from === path).map((entry) => entry.rule.name);
      assert.ok(found.includes(rule), `found: ${found.join(', ') || 'nothing'}`);
    });
  }

  it('lets entry points read settings and layers call downwards', () => {
    assert.deepEqual(
      violations.filter(({ from }) =>
        ['src/main.ts', 'src/app.ts', 'src/web/view.tsx'].includes(from),
      ),
      [],
    );
  });
});

/** The check as `npm run layers` does it, over another tree. It exits with an error code when it finds something. */
function cruise(cwd: string): Promise<Violation[]> {
  const program = join(projectRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const config = join(projectRoot, '.dependency-cruiser.mjs');
  const args = [
    program,
    '--config',
    config,
    '--output-type',
    'json',
    'utils',
    'services',
    'src',
    'config',
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd }, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout).summary.violations);
      } catch {
        reject(new Error(`the check printed no JSON: ${stderr}`));
      }
    });
  });
}
