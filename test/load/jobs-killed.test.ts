import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killGatewayOften } from '../support/killed-jobs.js';

describe('a job of 20 chunks whose gateway is killed 20 times', () => {
  it('is completed with the transcript of an undisturbed run, and no chunk is done twice', async (test) => {
    const { status, result, undisturbed, stored } = await killGatewayOften({
      chunks: 20,
      kills: 20,
    });
    test.diagnostic(`${stored.length} chunks stored in all: ${stored.join(' ')}`);
    assert.equal(status, 'completed');
    assert.deepEqual(result, undisturbed);
    assert.deepEqual(stored, [...new Set(stored)]);
    assert.ok(stored.length >= 18, `${stored.length} chunks`);
  });
});
