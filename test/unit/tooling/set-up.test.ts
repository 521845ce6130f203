import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { projectRoot } from '#config/root.js';

/** The scripts are plain JavaScript, since they run before anything is compiled. */
function load(name: string) {
  return import(pathToFileURL(join(projectRoot, 'scripts/lib', name)).href);
}

describe('set-up steps', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whosaid-set-up-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const makeFolder = async (name: string): Promise<string> => {
    const path = join(folder, name);
    await mkdir(path);
    return path;
  };

  describe("check of Node's version", () => {
    it('accepts the minimum of package.json and what is newer', async () => {
      const { checkNode } = await load('check-node.mjs');
      for (const version of ['20.19.0', '20.20.1', '22.0.0', '26.10.0']) checkNode({ version });
    });

    it('refuses what is older and says which version is needed', async () => {
      const { checkNode } = await load('check-node.mjs');
      for (const version of ['18.20.4', '20.9.0', '20.18.3']) {
        assert.throws(
          () => checkNode({ version }),
          /This is Node .+; whosaid needs Node 20\.19 or newer/,
        );
      }
    });
  });

  it('ends with code 1 and says step, reason and remedy when a step fails', () => {
    const steps = pathToFileURL(join(projectRoot, 'scripts/lib/steps.mjs')).href;
    const program = `
      import { runStep, StepError } from '${steps}';
      await runStep('pour water', () => { throw new StepError('The well is dry.', { remedy: 'Wait for rain.' }); });
      console.log('still here');`;
    const args = ['--input-type=module', '-e', program];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(status, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /the step "pour water" failed/);
    assert.match(stderr, /Why: The well is dry\./);
    assert.match(stderr, /What to do: Wait for rain\./);
  });

  describe('installation', () => {
    const lockOf = (version: string): string =>
      JSON.stringify({
        name: 'sample',
        lockfileVersion: 3,
        packages: {
          '': { name: 'sample' },
          'node_modules/one': { version },
          'node_modules/for-another-platform': { version: '9.9.9', optional: true },
        },
      });
    const makeInstalled = async (name: string, version: string): Promise<string> => {
      const root = await makeFolder(name);
      await mkdir(join(root, 'node_modules'));
      await writeFile(join(root, 'package-lock.json'), lockOf('1.0.0'));
      await writeFile(join(root, 'node_modules/.package-lock.json'), lockOf(version));
      return root;
    };

    it('leaves a node_modules alone that holds what the lock file names', async () => {
      const { installDependencies } = await load('install.mjs');
      const root = await makeInstalled('matching', '1.0.0');
      await installDependencies({ root });
      assert.ok(existsSync(join(root, 'node_modules/.whosaid-installed')));
    });

    it('runs npm when a version differs, and explains it when npm fails', async () => {
      const { installDependencies } = await load('install.mjs');
      const root = await makeInstalled('different', '0.9.0');
      // Nothing that npm could start with: it must fail without looking anything up.
      await writeFile(join(root, 'package.json'), '{');
      await assert.rejects(installDependencies({ root }), (error: Error & { remedy: string }) => {
        assert.match(error.message, /ci .+ ended with exit code 1/);
        assert.match(error.remedy, /npm ping/);
        return true;
      });
      assert.equal(existsSync(join(root, 'node_modules/.whosaid-installed')), false);
    });
  });

  describe('build', () => {
    it('compiles changed sources, skips unchanged ones and removes the output of deleted ones', async () => {
      const { buildSources } = await load('build.mjs');
      const root = await makeFolder('sources');
      await mkdir(join(root, 'src'));
      await mkdir(join(root, 'node_modules'));
      const { symlink } = await import('node:fs/promises');
      await symlink(
        join(projectRoot, 'node_modules/typescript'),
        join(root, 'node_modules/typescript'),
        'junction',
      );
      await writeFile(join(root, 'package.json'), '{ "type": "module" }');
      const compilerOptions = {
        rootDir: '.',
        outDir: 'dist',
        module: 'nodenext',
        lib: ['es5'],
        types: [],
      };
      await writeFile(
        join(root, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, include: ['src'] }),
      );
      await writeFile(join(root, 'src/one.ts'), 'export const one: number = 1;\n');
      await writeFile(join(root, 'src/two.ts'), 'export const two: number = 2;\n');
      await buildSources({ root });
      assert.ok(existsSync(join(root, 'dist/src/two.js')));

      // What a skipped build leaves alone.
      await writeFile(join(root, 'dist/src/one.js'), '// untouched\n');
      await buildSources({ root });
      assert.equal(await readFile(join(root, 'dist/src/one.js'), 'utf8'), '// untouched\n');

      await rm(join(root, 'src/two.ts'));
      await buildSources({ root });
      assert.match(await readFile(join(root, 'dist/src/one.js'), 'utf8'), /one = 1/);
      assert.equal(existsSync(join(root, 'dist/src/two.js')), false);

      await writeFile(join(root, 'src/one.ts'), "export const one: number = '1';\n");
      await assert.rejects(buildSources({ root }), /one\.ts.+TS2322/);
    });
  });

  describe('build of the page', () => {
    it('says what to install where nothing can build it, and does nothing when it is built', async () => {
      const { buildPage } = await load('build-page.mjs');
      const root = await makeFolder('page');
      await mkdir(join(root, 'scripts/lib'), { recursive: true });
      const others = [
        'package-lock.json',
        'scripts/vite.config.mjs',
        'scripts/lib/compress-files.mjs',
      ];
      for (const path of others) await writeFile(join(root, path), '');
      await assert.rejects(buildPage({ root }), (error: Error & { remedy: string }) => {
        assert.match(error.message, /nothing that could build it is installed/);
        assert.match(error.remedy, /npm ci --include=dev/);
        return true;
      });
      const { hashFiles } = await load('source-files.mjs');
      await mkdir(join(root, 'dist/web'), { recursive: true });
      await writeFile(join(root, 'dist/web/.built'), hashFiles(root, others));
      await buildPage({ root });
    });

    it('leaves each text compressed beside it, and nothing beside pictures', async () => {
      const { compressFiles } = await load('compress-files.mjs');
      const root = await makeFolder('compressed');
      await writeFile(join(root, 'one.js'), 'export const one = 1;\n'.repeat(100));
      await writeFile(join(root, 'two.png'), 'no picture');
      await compressFiles(root);
      const brotli = await readFile(join(root, 'one.js.br'));
      assert.match(brotliDecompressSync(brotli).toString(), /^export const one/);
      assert.ok(brotli.length < 100);
      assert.ok(existsSync(join(root, 'one.js.gz')));
      assert.equal(existsSync(join(root, 'two.png.br')), false);
    });
  });

  it('makes the environment of the Python clients anew when its state was cut short', async () => {
    const { preparePythonClients } = await load('python-clients.mjs');
    const clients = await makeFolder('python-clients');
    const list = join(folder, 'requirements.txt');
    await writeFile(list, '# none\n');
    await writeFile(join(clients, 'state.json'), '{ "python": "/usr');
    await preparePythonClients({ folder: clients, list });
    const state = JSON.parse(await readFile(join(clients, 'state.json'), 'utf8'));
    // A machine without Python has a reason instead.
    assert.ok(state.missing !== undefined || existsSync(state.python), JSON.stringify(state));
  });

  describe('test runner', () => {
    const runFiles = async (files: Record<string, string>) => {
      const { runTestFiles } = await load('run-tests.mjs');
      const cwd = await mkdtemp(join(folder, 'tests-'));
      for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
      return runTestFiles({ files: Object.keys(files), concurrency: 1, cwd, show: false });
    };
    const header = "import { it } from 'node:test';\n";

    it('counts passed, failed and skipped tests and names the failed ones', async () => {
      const tally = await runFiles({
        'good.test.mjs': `${header}it('a', () => {}); it('b', () => {}); it.skip('c', () => {});`,
        'bad.test.mjs': `${header}it('d', () => { throw new Error('no'); });`,
      });
      assert.deepEqual([tally.passed, tally.failed, tally.skipped], [2, 1, 1]);
      assert.match(tally.failures[0].file, /bad\.test\.mjs$/);
      assert.equal(tally.failures[0].name, 'd');
    });

    it('counts a file that dies as a failure', async () => {
      const tally = await runFiles({ 'dies.test.mjs': 'process.kill(process.pid, "SIGKILL");' });
      assert.equal(tally.failed, 1);
      assert.match(tally.failures[0].file, /dies\.test\.mjs$/);
    });

    it('counts nothing when there is nothing', async () => {
      assert.equal((await runFiles({})).passed, 0);
    });
  });
});
