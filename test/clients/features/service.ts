import assert from 'node:assert/strict';
import { answerOf, assertRefused, listOf, objectOf, SENTENCE } from './expect.js';
import { type Feature, transcribe } from './feature.js';

const baseUrls = 'Base URLs';
const models = 'Models';

export const service = {
  withVersion: {
    group: baseUrls,
    title: 'with /v1',
    call: (bench) => transcribe(bench, { baseUrl: `${bench.origin}/v1` }),
    check: (outcome) => assert.match(String(objectOf(outcome).text), SENTENCE),
  },
  withoutVersion: {
    group: baseUrls,
    title: 'without /v1',
    call: (bench) => transcribe(bench, { baseUrl: bench.origin }),
    check: (outcome) => assert.match(String(objectOf(outcome).text), SENTENCE),
  },
  fullPath: {
    group: baseUrls,
    title: 'with the whole path: a 404 that says how a base URL ends',
    call: (bench) => transcribe(bench, { baseUrl: `${bench.origin}/v1/audio/transcriptions` }),
    check: (outcome, context) =>
      assertRefused(
        outcome,
        { status: 404, code: 'route_not_found', message: /base URL ends in \/v1/ },
        context,
      ),
  },
  listModels: {
    group: models,
    title: 'list',
    call: (bench) => ({ ...transcribe(bench), operation: 'list models' }),
    check: (outcome) => {
      const answer = answerOf(outcome) as { data?: unknown };
      // Clients of OpenAI take the list out of the answer.
      const models = listOf(answer.data ?? answer);
      assert.ok(models.some(({ id }) => id === 'whisper-1'));
      for (const { object, created, owned_by } of models)
        assert.deepEqual([object, typeof created, typeof owned_by], ['model', 'number', 'string']);
    },
  },
  retrieveModel: {
    group: models,
    title: 'one, whose id has a slash: a 404 that names it',
    call: (bench) => ({
      ...transcribe(bench, { fields: { model: 'nobody/nothing' } }),
      operation: 'retrieve model',
    }),
    check: (outcome, context) =>
      assertRefused(
        outcome,
        { status: 404, code: 'model_not_found', param: 'model', message: /nobody\/nothing/ },
        context,
      ),
  },
} as const satisfies Record<string, Feature>;
