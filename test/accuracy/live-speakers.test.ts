import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { labelAgreement } from '../../bench/gateway/agreement.js';
import { loadReferences } from '../../bench/scoring/references.js';
import { type OpenPipeline, openPipeline } from '../../bench/support/open-pipeline.js';

/** Share of the words that have the same speaker live as they have with the whole recording known. */
const AGREEMENT = 0.97;

describe('live speaker labels', () => {
  let pipeline: OpenPipeline;
  before(async () => {
    pipeline = await openPipeline();
  });
  after(() => pipeline.close());

  for (const { name, audio } of loadReferences().references)
    it(`are those of the whole recording: ${name}`, async () => {
      const whole = await pipeline.transcribe(audio, { speakers: {} });
      const live = await pipeline.transcribe(audio, { speakers: {}, live: true });
      const agreement = labelAgreement({ whole, live });
      assert.ok(agreement >= AGREEMENT, `${(100 * agreement).toFixed(1)} % of the words agree`);
      assert.equal(live.speakers?.length, whole.speakers?.length);
    });
});
