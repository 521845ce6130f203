import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isScalar, parseAllDocuments, visit } from 'yaml';
import { pythonEnvironment } from '../clients/drivers/python.js';
import { type RunResult, run } from '../e2e/support/run.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { type DocsSnippet, docsSnippets, markedCode } from './support/docs-snippets.js';
import { docsWorkbench } from './support/docs-workbench.js';

const python = pythonEnvironment();

/** Where the pages say that the server is, after `http://` or `ws://`. */
const SHOWN_HOST = '127.0.0.1:8000';

describe('the snippets of docs/', () => {
  let server: TestServer;
  let bench: Awaited<ReturnType<typeof docsWorkbench>>;
  before(async () => {
    bench = await docsWorkbench();
    server = await startTestServer({
      ENABLE_ASR_WEBSERVICE_API: 'true',
      ENABLE_WHISPER_CPP_API: 'true',
      // Many send the same recording: what they get matters here, not that it is worked on anew.
      RESULT_CACHE_BYTES: '100MB',
    });
  });
  after(async () => {
    await server.close();
    await bench.remove();
  });

  const carryOut = async ({ page, line, language, code }: DocsSnippet): Promise<RunResult> => {
    const text = code.replaceAll(SHOWN_HOST, new URL(server.url).host);
    const name = `${page.replaceAll(/\W/g, '-')}-${line}`;
    const file = join(bench.path, `${name}.${language === 'js' ? 'mjs' : language}`);
    await writeFile(file, text);
    const [command = '', ...args] = commandFor(language);
    return run({
      command,
      args: [...args, file],
      cwd: bench.path,
      // What the command line loads for itself stays small, and what it keeps stays here.
      env: { DATA_DIR: join(bench.path, 'data'), ASR_HOSTS: '1', SPEAKER_HOSTS: '1' },
    });
  };

  const snippets = docsSnippets();
  it('are of several pages and in every language that they are promised in', () => {
    assert.deepEqual([...new Set(snippets.map(({ language }) => language))].toSorted(), [
      'js',
      'python',
      'sh',
    ]);
    assert.ok(new Set(snippets.map(({ page }) => page)).size >= 8);
  });

  for (const snippet of snippets) {
    const { page, line, language, prints, makes, holds } = snippet;
    const promise = prints === undefined ? `makes ${makes}` : `prints ${JSON.stringify(prints)}`;
    const skip = language === 'python' && 'missing' in python && python.missing;
    it(`${page}:${line} (${language}) ${promise}`, { skip }, async () => {
      const { code, stdout, stderr } = await carryOut(snippet);
      assert.equal(code, 0, stderr);
      if (prints !== undefined) assert.ok(stdout.includes(prints), `${stdout}\n${stderr}`);
      if (makes === undefined) return;
      const made = await readFile(join(bench.path, makes), 'utf8');
      assert.ok(made.includes(holds ?? ' --> '), made);
    });
  }

  it('recipes/containers.md: the probes of the manifest ask for what a ready server answers', async () => {
    const paths = probePaths(
      markedCode('recipes/containers.md', 'test/first-steps checks this manifest'),
    );
    assert.deepEqual([...new Set(paths)].toSorted(), ['/health', '/ready']);
    for (const path of paths) assert.equal((await fetch(server.url + path)).status, 200);
  });
});

/** Paths that the probes of a manifest ask for. */
function probePaths(manifest: string): string[] {
  const paths: string[] = [];
  for (const document of parseAllDocuments(manifest)) {
    assert.deepEqual(document.errors, []);
    visit(document, {
      Pair(_key, pair) {
        const { key, value } = pair as { key: { value?: unknown }; value: unknown };
        if (key.value === 'path' && isScalar(value)) paths.push(String(value.value));
      },
    });
  }
  return paths;
}

function commandFor(language: string): string[] {
  const commands: Record<string, string[]> = {
    js: [process.execPath],
    python: 'python' in python ? [python.python] : [],
    sh: ['bash', '-euo', 'pipefail'],
  };
  const command = commands[language];
  assert.ok(command?.[0], `no way to run ${language}`);
  return command;
}
