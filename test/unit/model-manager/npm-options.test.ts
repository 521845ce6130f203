import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { loadNpmOptions } from '#services/model-manager/fetching/npm-options.js';

let home = '';
let projectFolder = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'whosaid-npm-'));
  projectFolder = join(home, 'clone');
  await mkdir(projectFolder);
  await writeFile(join(projectFolder, 'package.json'), '{}');
});
afterEach(() => rm(home, { recursive: true }));

const load = (environment: Record<string, string>) =>
  loadNpmOptions({ environment: { HOME: home, ...environment }, projectFolder });

describe("npm's settings", () => {
  it("come from the user's .npmrc when the command line is started directly", async () => {
    const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';
    await writeFile(join(home, 'ca.pem'), certificate);
    await writeFile(
      join(home, '.npmrc'),
      [
        'registry=http://mirror.example/npm/',
        '@scope:registry=http://scoped.example/',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: npm fills it in.
        '//mirror.example/npm/:_authToken=${TOKEN}',
        'https-proxy=http://proxy.example:3128/',
        `cafile=${join(home, 'ca.pem')}`,
      ].join('\n'),
    );
    const options = await load({ TOKEN: 'abc' });
    assert.equal(options.registry, 'http://mirror.example/npm/');
    assert.equal(options['@scope:registry'], 'http://scoped.example/');
    assert.equal(options['//mirror.example/npm/:_authToken'], 'abc');
    assert.equal(options.httpsProxy, 'http://proxy.example:3128/');
    assert.deepEqual(options.ca, [certificate]);
  });

  it('come from npm_config_ variables under npm start, which win over the files', async () => {
    await writeFile(join(home, '.npmrc'), 'registry=http://file.example/\n');
    const options = await load({ npm_config_registry: 'http://variable.example/' });
    assert.equal(options.registry, 'http://variable.example/');
  });

  it("come from the project's .npmrc, which wins over the user's", async () => {
    await writeFile(join(home, '.npmrc'), 'fetch-retries=5\nregistry=http://file.example/\n');
    await writeFile(join(projectFolder, '.npmrc'), 'fetch-retries=1\n');
    const options = await load({});
    assert.equal(options.registry, 'http://file.example/');
    assert.deepEqual((options.retry as { retries: number }).retries, 1);
  });

  it('leave the environment as it was', async () => {
    const environment = { HOME: home };
    await loadNpmOptions({ environment, projectFolder });
    assert.deepEqual(environment, { HOME: home });
  });
});
