import { after, before, describe, it } from 'node:test';
import type { Driver } from './driver.js';
import { aiSdk } from './drivers/ai-sdk.js';
import { findCurl } from './drivers/curl.js';
import { fetchClient } from './drivers/fetch.js';
import { openaiNode } from './drivers/openai-node.js';
import { pythonClients } from './drivers/python-clients.js';
import type { Feature } from './features/feature.js';
import { type FeatureId, featureIds, features } from './features/index.js';
import { Results } from './support/results.js';
import { openWorkbench, type Workbench } from './support/workbench.js';

const curl = findCurl();
const python = pythonClients();
const drivers: readonly Driver[] = [
  openaiNode,
  aiSdk,
  ...python.drivers,
  ...(curl ? [curl] : []),
  fetchClient,
];

describe('clients', () => {
  const results = new Results();
  let bench: Workbench;
  before(async () => {
    bench = await openWorkbench();
  });
  after(() => bench?.close());
  after(async () => {
    for (const driver of drivers) await driver.close?.();
    results.write(drivers);
  });

  for (const driver of drivers) {
    describe(driver.name, () => {
      for (const id of featureIds) addTest(driver, id);
    });
  }
  if (curl === undefined) it('curl', { skip: 'this machine has no curl' }, () => {});
  if (python.missing !== undefined) it('clients in Python', { skip: python.missing }, () => {});

  function addTest(driver: Driver, id: FeatureId): void {
    const feature: Feature = features[id];
    // What a client does not have is no test; the table says so.
    if (driver.lacks[id] !== undefined) {
      results.set(driver, id, 'lacking');
      return;
    }
    it(`${feature.group}: ${feature.title}`, async (test) => {
      const missing = feature.missing?.(bench);
      results.set(driver, id, missing === undefined ? 'fails' : 'untried');
      if (missing !== undefined) return test.skip(missing);
      const outcome = await driver.perform(feature.call(bench, driver.id));
      feature.check(outcome, { bench, driver });
      await bench.server.untilClean();
      results.set(driver, id, 'works');
    });
  }
});
