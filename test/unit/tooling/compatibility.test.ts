import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '#config/root.js';

/** The scripts are plain JavaScript, since they run before anything is compiled. */
const { compatibilityPage, differences, signsOf } = await import(
  pathToFileURL(join(projectRoot, 'scripts/lib/compatibility-page.mjs')).href
);

const rows = [
  { id: 'json', group: 'Formats', title: 'json' },
  { id: 'text', group: 'Formats', title: 'text' },
  { id: 'translatedJson', group: 'Translations', title: 'json' },
];
const client = (id: string, results: Record<string, string>, more: object = {}) => ({
  id,
  name: `client ${id}`,
  version: '1.2.3',
  lacks: {},
  results: { json: 'works', text: 'works', translatedJson: 'works', ...results },
  ...more,
});
const results = {
  rows,
  clients: [
    client('one', {}),
    client('two', { text: 'lacking' }, { lacks: { text: 'it has no text' } }),
  ],
};

describe('the compatibility table', () => {
  const page = compatibilityPage(results);

  it('has a row for each feature and a sign for each client', () => {
    assert.match(page, /\|\s+\| client one 1\.2\.3 \| client two 1\.2\.3 \|/);
    assert.match(page, /^\| text \| ✔ \| – \|$/m);
    assert.match(page, /- client two: it has no text \(formats: text\)\./);
  });

  it('is the same as results that differ in versions alone', () => {
    const clients = results.clients.map((each) => ({ ...each, version: '9.9.9' }));
    assert.deepEqual(differences(page, { rows, clients }), []);
  });

  it('differs when a feature fails, when one is new and when one is gone', () => {
    const clients = [client('one', { translatedJson: 'fails' })];
    assert.deepEqual(differences(page, { rows, clients }), [
      'client one, Translations: json: ✔, now ✘',
    ]);
    const more = [...rows, { id: 'srt', group: 'Formats', title: 'srt' }];
    const withSrt = [client('one', { srt: 'works' })];
    assert.deepEqual(differences(page, { rows: more, clients: withSrt }), [
      'client one, Formats: srt: nothing, now ✔',
    ]);
    const fewer = rows.filter(({ id }) => id !== 'text');
    assert.deepEqual(differences(page, { rows: fewer, clients: results.clients }), [
      'text: no test is about it any more',
    ]);
  });

  it('tells clients apart of whom one has the beginning of the other as its name', () => {
    const clients = [client('one', {}), client('one (async)', { text: 'fails' })];
    const both = { rows, clients };
    assert.deepEqual(differences(compatibilityPage(both), both), []);
  });

  it('keeps what it said about what cannot be tried on this machine', () => {
    const clients = [client('one', { translatedJson: 'untried' })];
    assert.deepEqual(differences(page, { rows, clients }), []);
    const again = compatibilityPage({ rows, clients }, signsOf(page, { rows, clients }));
    assert.match(again, /## Translations[^#]*\| json \| ✔ \|/);
  });
});
