import assert from 'node:assert/strict';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { families } from '#services/asr/sherpa/families.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';

const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));
const recognisers = catalogue.entries.filter(({ task }) => task === 'asr');
/** Families with engines of their own. */
const OWN_ENGINES = ['moonshine', 'whisper'];
const inSherpa = recognisers.flatMap((entry) => {
  const family = families[entry.family];
  return family ? [{ entry, family }] : [];
});

describe("the families of the project's catalogue", () => {
  it('all have an engine that runs them, and every engine a model', () => {
    const named = new Set(recognisers.map(({ family }) => family));
    assert.deepEqual([...named].sort(), [...OWN_ENGINES, ...Object.keys(families)].sort());
  });

  it('are all described', () => {
    const described = catalogue.families.map(({ id }) => id);
    const named = new Set(catalogue.entries.map(({ family }) => family));
    assert.deepEqual([...named].sort(), described.toSorted());
  });

  it('find each of their files among those of each model', () => {
    for (const { entry, family } of inSherpa) {
      const names = entry.files.map(({ path }) => basename(path));
      const roles = [
        ...Object.values(family.graphs).map(({ file }) => file),
        ...Object.values(family.others ?? {}).map(({ file }) => file),
        ...(family.vocabulary === undefined ? [] : [/tokens\.txt$/]),
      ];
      for (const role of roles)
        assert.equal(names.filter((name) => role.test(name)).length, 1, `${entry.id}: ${role}`);
    }
  });

  it('can what the catalogue says of their models, and take segments as long', () => {
    for (const { entry, family } of inSherpa) {
      const { translation, languageDetection, streaming } = entry.capabilities;
      assert.equal(translation, family.translates ?? false, `${entry.id} translates`);
      assert.equal(languageDetection, family.detectsLanguage ?? false, `${entry.id} detects`);
      assert.equal(streaming, family.online ?? false, `${entry.id} streams`);
      const { maxSegmentSeconds = Number.POSITIVE_INFINITY } = entry.limits;
      assert.ok(maxSegmentSeconds <= family.maxSeconds, `${entry.id}: ${maxSegmentSeconds} s`);
    }
  });
});

describe("the models of the project's catalogue", () => {
  it('come from a commit, or with a hash, or are pinned when they are first seen', () => {
    for (const { id, files } of catalogue.entries)
      for (const { path, sha256, sources } of files)
        for (const source of sources)
          if (
            source.kind === 'https' &&
            sha256 !== undefined &&
            !/\/resolve\/main\/|\/releases\//.test(source.url)
          )
            assert.match(source.url, /\/resolve\/[0-9a-f]{40}\//, `${id}: ${path}`);
  });

  it('have no hash twice but for files that are the same', () => {
    const byHash = new Map<string, number>();
    for (const { id, files } of catalogue.entries)
      for (const { path, bytes, sha256 } of files) {
        if (sha256 === undefined || bytes === undefined) continue;
        assert.equal(byHash.get(sha256) ?? bytes, bytes, `${id}: ${path}`);
        byHash.set(sha256, bytes);
      }
  });

  it('say so where their licence does not allow everything', () => {
    for (const { id, licence, notice } of catalogue.entries)
      if (!/^(MIT|Apache-2\.0|CC-BY-4\.0)$/.test(licence)) assert.ok(notice, `${id}: ${licence}`);
    assert.match(catalogue.entryOf('canary-1b').notice ?? '', /may not be used commercially/);
  });

  it('say how they are made where nobody publishes them', () => {
    const byHand = catalogue.entries.filter(({ conversion }) => conversion !== undefined);
    assert.deepEqual(
      byHand.map(({ id }) => id),
      ['parakeet-tdt-1.1b', 'canary-1b-v2', 'canary-1b-flash', 'canary-1b'],
    );
    assert.ok(byHand.every(({ files }) => files.every(({ sources }) => sources.length === 0)));
  });
});
