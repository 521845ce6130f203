import assert from 'node:assert/strict';
import { objectOf, SENTENCE } from './expect.js';
import { type Feature, transcribe } from './feature.js';

/** Clients that name themselves as OpenAI's SDKs do. Others may take a 102 for the answer, as python-requests does. */
const TOLD = ['openai-node', 'openai-python', 'openai-python-async'];

export const longRequests = {
  signsOfLife: {
    group: 'Long requests',
    title: "the answer arrives after signs of life (102), which only OpenAI's SDKs are sent",
    call: (bench, client) =>
      transcribe(bench, { baseUrl: `${bench.proxy.lane('slow', client)}/v1` }),
    check: (outcome, { bench, driver }) => {
      assert.match(String(objectOf(outcome).text), SENTENCE);
      const [arrival] = bench.proxy.arrivals('slow', driver.id);
      const { signsOfLife = 0 } = arrival ?? {};
      if (TOLD.includes(driver.id)) assert.ok(signsOfLife > 2, `${signsOfLife} signs of life`);
      else assert.equal(signsOfLife, 0);
    },
  },
} as const satisfies Record<string, Feature>;
