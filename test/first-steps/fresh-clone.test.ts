import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { type Running, run, start } from '../e2e/support/run.js';

/** Installing, building and fetching models, over a slow line. */
const FIRST_START_MS = 20 * 60_000;
/** The goal is 4 s on an idle machine; this only notices that a step is done again. */
const SECOND_START_MS = 20_000;

const isClone = existsSync(join(projectRoot, '.git'));
const skip = isClone ? false : 'this is no git clone';

describe('a fresh clone', { skip, timeout: FIRST_START_MS }, () => {
  let folder: string;
  let clone: string;
  let server: Running | undefined;
  let url = '';

  const startServer = async (): Promise<void> => {
    server = start({ command: 'npm', args: ['start'], cwd: clone, env: { PORT: '0' } });
    const [, found] = await server.waitFor(/ready at (http:\S+)/);
    url = found as string;
  };

  /** Resolves when everything that `npm start` began has ended: as long as a process lives, its output is open. */
  const stopped = async (): Promise<string> => ((await server?.ended) ?? { stderr: '' }).stderr;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whosaid-clone-'));
    clone = join(folder, 'whosaid');
    const { code, stderr } = await run({
      command: 'git',
      args: ['clone', '--quiet', '--depth=1', `file://${projectRoot}`, clone],
      cwd: folder,
    });
    assert.equal(code, 0, stderr);
    await startServer();
  });

  after(async () => {
    server?.signalAll('SIGKILL');
    await server?.ended;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('serves after `npm start`', async () => {
    const health = await fetch(`${url}/health`).then((response) => response.json());
    assert.equal(health.status, 'healthy');
    assert.equal(health.model_loaded, true);
  });

  it("prints a right transcript with the README's SDK snippet", async () => {
    const readme = await readFile(join(clone, 'README.md'), 'utf8');
    const [, snippet] =
      /test\/first-steps runs this snippet -->\n```js\n([\s\S]+?)```/.exec(readme) ?? [];
    assert.ok(snippet);
    await writeFile(join(clone, 'try.mjs'), snippet.replace('http://127.0.0.1:8000', url));
    const { code, stdout, stderr } = await run({
      command: process.execPath,
      args: ['try.mjs'],
      cwd: clone,
    });
    assert.equal(code, 0, stderr);
    const said = wordsOf(stdout);
    const { turns } = JSON.parse(
      await readFile(join(clone, 'test/fixtures/two-speakers-clean.json'), 'utf8'),
    ) as { turns: { text: string }[] };
    const expected = turns.flatMap(({ text }) => wordsOf(text));
    const found = expected.filter((word) => said.includes(word));
    assert.ok(found.length > expected.length * 0.95, `${found.length} of ${expected.length} words`);
  });

  it('stops on Ctrl-C, which npm and the terminal both deliver', async () => {
    server?.signalAll('SIGINT');
    assert.match(await stopped(), /Stopping/);
  });

  it('starts again without doing the set-up again', async (test) => {
    const startMs = performance.now();
    await startServer();
    const elapsedMs = performance.now() - startMs;
    test.diagnostic(`second start: ${(elapsedMs / 1000).toFixed(1)} s`);
    assert.ok(elapsedMs < SECOND_START_MS, `${elapsedMs} ms`);
  });

  it('stops when npm alone is told to', async () => {
    server?.child.kill('SIGTERM');
    const stderr = await stopped();
    assert.match(stderr, /Stopping/);
    assert.doesNotMatch(stderr, /installing|building|fetching/);
  });
});

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[a-z']+/g) ?? [];
}
