import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { requestModel } from '#src/routes/request-model.js';
import { installedDetector } from '#src/spoken-language/detect.js';
import { needsRecording } from '#src/spoken-language/follow-language.js';

const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));

function modelsOf(installed: readonly string[]) {
  const store = {
    isInstalled: async (id: string) => installed.includes(id),
    list: async () =>
      catalogue.entries.map((entry) => ({ entry, installed: installed.includes(entry.id) })),
  };
  return { catalogue, store, aliases: new Map<string, string>() };
}

async function asked(
  id: string,
  {
    installed,
    language,
    usual = 'moonshine-base-en',
  }: {
    installed: readonly string[];
    language?: string;
    usual?: string;
  },
) {
  const context = { ...modelsOf(installed), defaultModel: usual };
  const languages = language === undefined ? [] : [language];
  return requestModel({ id, task: 'transcribe', languages, logprobs: false, context });
}

describe('which model hears a language', () => {
  const installed = ['moonshine-base-en', 'whisper-tiny', 'whisper-base', 'parakeet-tdt-0.6b-v3'];

  it('is the default one if it knows it, else the preferred one of those that are installed', async () => {
    for (const id of ['auto', 'whisper-1']) {
      assert.equal((await asked(id, { installed, language: 'en' })).entry.id, 'moonshine-base-en');
      assert.equal(
        (await asked(id, { installed, language: 'de' })).entry.id,
        'parakeet-tdt-0.6b-v3',
      );
      // Which Parakeet does not know.
      assert.equal((await asked(id, { installed, language: 'ja' })).entry.id, 'whisper-base');
    }
  });

  it('may be another one than the default for auto alone, unless MODEL is auto', async () => {
    assert.ok((await asked('auto', { installed })).follows);
    assert.equal((await asked('whisper-1', { installed })).follows, undefined);
    assert.equal((await asked('whisper-base', { installed })).follows, undefined);
    assert.ok((await asked('whisper-1', { installed, usual: 'auto' })).follows);
    assert.ok((await asked('auto-diarize', { installed })).diarize);
  });

  it('is listened for where that can change anything', async () => {
    const needs = async (id: string, options: Parameters<typeof asked>[1]) =>
      needsRecording(await asked(id, options), modelsOf(options.installed));
    assert.equal(await needs('auto', { installed }), true);
    // It tells languages apart by itself, as well as any.
    assert.equal(await needs('auto', { installed, usual: 'whisper-base' }), false);
    assert.equal(await needs('moonshine-base-en', { installed }), false);
    // It does not say which of its languages it hears.
    assert.equal(await needs('parakeet-tdt-0.6b-v3', { installed }), true);
    const alone = ['moonshine-base-en', 'parakeet-tdt-0.6b-v3'];
    assert.equal(await needs('parakeet-tdt-0.6b-v3', { installed: alone }), false);
  });

  it('is heard by the model that knows most languages, of several the default one or the smallest', async () => {
    const detector = async (usual: string, ...ids: string[]) =>
      (await installedDetector(catalogue.entryOf(usual), modelsOf(ids)))?.id;
    assert.equal(
      await detector('moonshine-base-en', 'sense-voice-small', 'whisper-base', 'whisper-tiny'),
      'whisper-tiny',
    );
    assert.equal(await detector('whisper-base', 'whisper-base', 'whisper-tiny'), 'whisper-base');
    assert.equal(await detector('moonshine-base-en', 'moonshine-base-en'), undefined);
  });
});
