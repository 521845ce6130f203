import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';

type Service = {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly deploy?: { readonly replicas?: number };
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
};
type Compose = {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8');
/** With nothing in the environment. */
const text = read('compose.yaml').replace(/\$\{\w+:-\}/g, '');
const compose = parse(text, { merge: true }) as Compose;
const { services } = compose;

describe('compose.yaml', () => {
  it('is as the schema of compose files wants it', () => {
    const path = createRequire(import.meta.url).resolve('dclint/package.json');
    const schema = JSON.parse(
      readFileSync(join(path, '..', 'schemas', 'compose.schema.json'), 'utf8'),
    ) as { $schema?: string };
    // The draft that Ajv reads by default, by a name that it does not know.
    assert.match(schema.$schema ?? '', /draft-07/);
    delete schema.$schema;
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const validate = ajv.compile(schema);
    assert.equal(validate(compose), true, JSON.stringify(validate.errors, null, 2));
    const wrong = { ...compose, services: { ...services, queue: { images: 'valkey' } } };
    assert.equal(validate(wrong), false);
  });

  it('has two gateways behind one port, three workers and a queue that keeps what it has', () => {
    const withPorts = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    assert.deepEqual(
      withPorts.map(([name]) => name),
      ['proxy'],
    );
    const upstreams = [...read('deploy/nginx.conf').matchAll(/server (\S+?):8000/g)];
    const gateways = upstreams.map(([, name = '']) => name);
    assert.deepEqual(gateways, ['gateway-1', 'gateway-2']);
    for (const name of gateways) assert.ok(services[name]?.environment?.QUEUE_URL, name);
    assert.equal(services.worker?.deploy?.replicas, 3);
    assert.ok(services.worker?.command?.includes('worker'));
    assert.deepEqual(services.queue?.command?.slice(1, 3), ['--appendonly', 'yes']);
  });

  it('gives gateways and workers the same queue and the same files', () => {
    const sharers = ['gateway-1', 'gateway-2', 'worker'].map((name) => services[name]);
    for (const name of ['QUEUE_URL', 'BLOB_URL'])
      assert.equal(new Set(sharers.map((each) => each?.environment?.[name])).size, 1, name);
    for (const each of sharers) assert.ok(each?.volumes?.includes('blobs:/blobs'));
    const { queueUrl, jobConcurrency } = loadSettings(services['gateway-1']?.environment);
    assert.equal(new URL(queueUrl ?? '').hostname in services, true);
    assert.equal(jobConcurrency, 0);
  });

  it('names services, volumes and files that are there', () => {
    for (const [name, { depends_on = [], volumes = [] }] of Object.entries(services)) {
      const needed = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
      for (const other of needed) assert.ok(other in services, `${name} needs ${other}`);
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        const isThere = source.startsWith('.')
          ? existsSync(join(projectRoot, source))
          : source in compose.volumes;
        assert.ok(isThere, `${name} has ${source}`);
      }
    }
  });
});
