import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { killGatewayOften } from '../support/killed-jobs.js';

describe('a job whose gateway is killed again and again', () => {
  it('is completed with the transcript of an undisturbed run, and no chunk is done twice', async () => {
    const { status, result, undisturbed, stored } = await killGatewayOften({ chunks: 3, kills: 2 });
    assert.equal(status, 'completed');
    assert.deepEqual(result, undisturbed);
    assert.deepEqual(stored, [...new Set(stored)]);
  });
});
