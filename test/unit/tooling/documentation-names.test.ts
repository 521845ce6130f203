import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { settingNames } from '#config/settings.js';
import { createProgram } from '#src/cli/program.js';
import { metricsPage } from '#src/metrics/metrics-page.js';
import { errorCatalogue } from '#utils/errors/catalogue.js';

/** Variables of others: of systems, libraries, clients, tests, and of servers that people come from. */
const VARIABLES_OF_OTHERS = [
  'API_KEY',
  'ASR_DEVICE',
  'ASR_ENGINE',
  'ASR_MODEL',
  'ASR_QUANTIZATION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'CUDA_VISIBLE_DEVICES',
  'DEBIAN_FRONTEND',
  'EVAL_DIR',
  'LD_LIBRARY_PATH',
  'MODEL_IDLE_TIMEOUT',
  'MODEL_NAME',
  'NODE_EXTRA_CA_CERTS',
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'SAMPLE_RATE',
  'SHERPA_ONNX_ENABLE_GPU',
  'SPEAKER_00',
];

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

/** README and all pages but the decisions, which tell of what was; each with what it says. */
const pages = ['README.md', 'SECURITY.md']
  .concat(
    readdirSync(join(projectRoot, 'docs'), { recursive: true, encoding: 'utf8' })
      .map((path) => `docs/${path.replaceAll('\\', '/')}`)
      .filter((path) => path.endsWith('.md') && !/^docs\/(decisions|\.vitepress)\//.test(path)),
  )
  .map((path) => ({ path, text: read(path) }));

/** What pages name and nobody has, with the page. */
function unknown(pattern: RegExp, known: Iterable<string>): string[] {
  const names = new Set(known);
  return pages.flatMap(({ path, text }) =>
    [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? match[0]))]
      .filter((name) => !names.has(name))
      .map((name) => `${path}: ${name}`),
  );
}

describe('what the documentation names', () => {
  it('are settings that there are', () => {
    const pattern = /(?<![\w/-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w-]|\.md)/g;
    assert.deepEqual(unknown(pattern, [...settingNames, ...VARIABLES_OF_OTHERS]), []);
  });

  it('are scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
    assert.deepEqual(unknown(/npm run (?:-s )?([\w:]+)/g, Object.keys(scripts)), []);
  });

  it('are metrics that there are', async () => {
    const metrics = (await metricsPage()).match(/whosaid_\w+/g) ?? [];
    assert.deepEqual(unknown(/\bwhosaid_\w+/g, metrics), []);
  });

  it('are errors that there are, where a status stands before their code', () => {
    const entries = Object.entries(errorCatalogue);
    const known = entries.flatMap(([key, { status, code }]) => [
      `${status} \`${code}\``,
      `${status} \`${key}\``,
    ]);
    assert.deepEqual(unknown(/\b[45]\d\d `[a-z_]+`/g, known), []);
  });

  it('are commands that there are', () => {
    const names = createProgram().commands.flatMap((command) => [
      command.name(),
      ...command.commands.map((each) => `${command.name()} ${each.name()}`),
    ]);
    const pattern = /\.\/bin\/whosaid ((?:models|voices|keys|data) [\w-]+|[\w-]+)/g;
    assert.deepEqual(unknown(pattern, names), []);
  });

  it('are options that there are', () => {
    const commands = createProgram().commands.flatMap((each) => [each, ...each.commands]);
    const options = commands.flatMap((each) => each.options.map(({ long }) => long ?? ''));
    // After the command, to the end of the line or of the code.
    const lines = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\.\/bin\/whosaid ((?:[^\n`|]|\\\n)*)/g)].map(([, said = '']) => ({
        path,
        said,
      })),
    );
    const wrong = lines.flatMap(({ path, said }) =>
      [...said.matchAll(/(?<=\s)--[a-z][\w-]*/g)]
        .filter(([option]) => !options.includes(option))
        .map(([option]) => `${path}: ${option}`),
    );
    assert.ok(lines.length > 20);
    assert.deepEqual(wrong, []);
  });
});
