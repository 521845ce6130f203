import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import {
  AUTO_MODEL,
  aliasProblems,
  defaultAsrEntry,
  OPENAI_MODEL_IDS,
  resolveModel,
  usableModelIds,
} from '#services/model-manager/aliases.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));

/** What is on disk, as the resolver sees it. */
function diskWith(...ids: string[]) {
  return {
    isInstalled: async (id: string) => ids.includes(id),
    list: async () =>
      catalogue.entries.map((entry) => ({ entry, installed: ids.includes(entry.id) })),
  };
}

function context({
  installed = ['moonshine-base-en', 'silero-vad'],
  defaultModel = 'moonshine-base-en',
  aliases = {} as Record<string, string>,
} = {}) {
  return {
    catalogue,
    store: diskWith(...installed),
    defaultModel,
    aliases: new Map(Object.entries(aliases)),
  };
}

const notFound = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof WhosaidError);
  assert.deepEqual(
    [error.status, error.entry.type, error.entry.code, error.param],
    [404, 'invalid_request_error', 'model_not_found', 'model'],
  );
  assert.match(error.message, message);
  return true;
};

describe('which model an id means', () => {
  it("takes every one of OpenAI's transcription ids for the default model", async () => {
    for (const id of OPENAI_MODEL_IDS) {
      const { entry, diarize } = await resolveModel(id, context());
      assert.equal(entry.id, 'moonshine-base-en');
      assert.equal(diarize, id === 'gpt-4o-transcribe-diarize');
    }
  });

  it('lets MODEL decide what they mean', async () => {
    const tiny = { installed: ['moonshine-tiny-en'], defaultModel: 'moonshine-tiny-en' };
    assert.equal((await resolveModel('whisper-1', context(tiny))).entry.id, 'moonshine-tiny-en');
  });

  it("takes MODEL for the catalogue's default when it is an alias itself", () => {
    assert.equal(defaultAsrEntry({ catalogue, defaultModel: 'whisper-1' }).id, 'moonshine-base-en');
  });

  it('asks for speakers under every alias when MODEL does, and under no other id', async () => {
    const always = context({ defaultModel: 'moonshine-base-en-diarize' });
    for (const id of OPENAI_MODEL_IDS) assert.ok((await resolveModel(id, always)).diarize);
    assert.equal((await resolveModel('moonshine-base-en', always)).diarize, false);
  });

  it('refuses a MODEL that is no recogniser, naming those that are', () => {
    assert.throws(
      () => defaultAsrEntry({ catalogue, defaultModel: 'silero-vad' }),
      notFound(/no 'silero-vad'\. It has: moonshine-base-en, moonshine-tiny-en/),
    );
  });

  it('takes an installed model by its own id, and with -diarize asks for speakers', async () => {
    const plain = await resolveModel('moonshine-base-en', context());
    const speakers = await resolveModel('moonshine-base-en-diarize', context());
    assert.deepEqual([plain.entry, plain.diarize], [speakers.entry, false]);
    assert.equal(speakers.diarize, true);
  });

  it('names the pull command for a model of the catalogue that is not installed', async () => {
    await assert.rejects(
      resolveModel('moonshine-tiny-en', context()),
      notFound(/'\.\/bin\/whosaid models pull moonshine-tiny-en'/),
    );
    await assert.rejects(
      resolveModel('whisper-1', context({ installed: [] })),
      notFound(/'\.\/bin\/whosaid models pull moonshine-base-en'/),
    );
  });

  it('names what is installed for an id that nobody knows, or that is no recogniser', async () => {
    for (const id of ['parakeet', 'silero-vad', '', 'toString'])
      await assert.rejects(resolveModel(id, context()), notFound(/Installed: moonshine-base-en\./));
    await assert.rejects(
      resolveModel('x', context({ installed: [] })),
      notFound(/Installed: none/),
    );
  });

  it('lists the aliases and the installed recognisers as usable', async () => {
    assert.deepEqual(await usableModelIds(context()), [
      ...OPENAI_MODEL_IDS,
      AUTO_MODEL,
      'moonshine-base-en',
    ]);
  });
});

describe("names of the operator's own", () => {
  const aliases = {
    'openai/whisper-base': 'whisper-base',
    meetings: 'moonshine-base-en-diarize',
    usual: 'whisper-1',
    'whisper-1': 'whisper-base',
  };
  const installed = ['moonshine-base-en', 'silero-vad', 'whisper-base'];
  const resolve = async (id: string, more = {}) => {
    const { entry, diarize } = await resolveModel(id, context({ installed, aliases, ...more }));
    return [entry.id, diarize];
  };

  it('mean the model they are mapped to, slashes and all', async () => {
    assert.deepEqual(await resolve('openai/whisper-base'), ['whisper-base', false]);
  });

  it('ask for speakers where their model does, and with -diarize appended', async () => {
    assert.deepEqual(await resolve('meetings'), ['moonshine-base-en', true]);
    assert.deepEqual(await resolve('openai/whisper-base-diarize'), ['whisper-base', true]);
  });

  it("may mean the default, and may give one of OpenAI's ids another meaning", async () => {
    assert.deepEqual(await resolve('usual'), ['moonshine-base-en', false]);
    assert.deepEqual(await resolve('whisper-1'), ['whisper-base', false]);
    assert.deepEqual(await resolve('gpt-4o-transcribe'), ['moonshine-base-en', false]);
  });

  it('are understood in MODEL', async () => {
    const defaultModel = 'openai/whisper-base';
    const names = new Map(Object.entries(aliases));
    assert.equal(defaultAsrEntry({ catalogue, defaultModel, aliases: names }).id, 'whisper-base');
    assert.deepEqual(await resolve('gpt-transcribe', { defaultModel }), ['whisper-base', false]);
  });

  it('are listed while their model is installed', async () => {
    const all = await usableModelIds(context({ installed, aliases }));
    for (const id of Object.keys(aliases))
      assert.equal(all.filter((each) => each === id).length, 1);
    const few = await usableModelIds(context({ aliases }));
    assert.ok(!few.includes('openai/whisper-base') && few.includes('meetings'));
  });

  it("are refused where they take a catalogue id's place or mean no recogniser", () => {
    const problemsOf = (name: string, target: string) =>
      aliasProblems(new Map([[name, target]]), catalogue);
    assert.match(problemsOf('whisper-base', 'whisper-1')[0] ?? '', /"whisper-base".*catalogue/);
    for (const target of ['nothing', 'silero-vad', 'nothing-diarize'])
      assert.match(problemsOf('mine', target)[0] ?? '', /"mine" to "\S+"; expected one of moon/);
    assert.deepEqual(problemsOf('mine', 'whisper-base-diarize'), []);
  });
});
