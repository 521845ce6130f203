import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { silentLogger } from '#utils/logging/logger.js';
import { decodeAll } from '../../../bench/support/decode-all.js';
import { planLongRecording, writeLongRecording } from '../../../bench/support/long-recording.js';
import { writeLongWav } from '../../../bench/support/write-wav.js';
import { testFolder } from '../../support/paths.js';

/** B is overlapped; A and C are clear, 2 and 1 seconds; the only pause is from 7 to 8. */
const turns = [
  { speaker: 'A', start: 1, end: 3 },
  { speaker: 'B', start: 3, end: 5 },
  { speaker: 'A', start: 4.5, end: 7 },
  { speaker: 'C', start: 8, end: 9 },
];

describe('long recordings', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 60 });
  before(async () => {
    folder = await testFolder();
  });
  after(async () => {
    await decoder.dispose();
    await folder.remove();
  });

  it('are planned from turns without overlap, all of them before one comes again, pauses between', () => {
    const plan = planLongRecording({ turns, seconds: 17 });
    // 3 s of A and 2 s of C with their pauses: 5 s a round.
    assert.deepEqual(
      [0, 1, 2].map((round) =>
        plan.turns
          .slice(2 * round, 2 * round + 2)
          .map(({ speaker }) => speaker)
          .sort(),
      ),
      [
        ['A', 'C'],
        ['A', 'C'],
        ['A', 'C'],
      ],
    );
    for (const [index, { start, end, speaker }] of plan.turns.entries()) {
      assert.equal(end - start, speaker === 'A' ? 2 : 1);
      assert.equal(start, (plan.turns[index - 1]?.end ?? -1) + 1);
    }
    assert.ok((plan.turns.at(-1)?.end ?? 0) <= 17);
  });

  it('are the same every time', () => {
    const options = { turns, seconds: 60 };
    assert.deepEqual(planLongRecording(options), planLongRecording(options));
  });

  it('hold the planned samples and are as long as was asked for', async () => {
    // Every sample says which second it comes from.
    const samples = Int16Array.from({ length: 10 * 16_000 }, (_, at) => Math.floor(at / 16_000));
    const plan = planLongRecording({ turns, seconds: 12 });
    const path = join(folder.path, 'planned.wav');
    await writeLongRecording({ plan, samples, path, seconds: 12 });

    const written = await decodeAll(decoder, path);
    assert.equal(written.length, 12 * 16_000);
    for (const { start, speaker } of plan.turns)
      assert.equal(written[start * 16_000 + 100], speaker === 'A' ? 1 : 8);
    assert.equal(written[(plan.turns[0]?.end ?? 0) * 16_000 + 100], 7);
  });

  it('end with silence, or in the middle of a block', async () => {
    const blocks = [new Int16Array(1600).fill(5), new Int16Array(1600).fill(6)];
    const [longer, shorter] = [join(folder.path, 'longer.wav'), join(folder.path, 'shorter.wav')];
    await writeLongWav({ path: longer, seconds: 1.5, blocks });
    await writeLongWav({ path: shorter, seconds: 0.15, blocks });

    const padded = await decodeAll(decoder, longer);
    assert.deepEqual([padded.length, padded[3199], padded[3200]], [24_000, 6, 0]);
    const cut = await decodeAll(decoder, shorter);
    assert.deepEqual([cut.length, cut[2399]], [2400, 6]);
  });
});
