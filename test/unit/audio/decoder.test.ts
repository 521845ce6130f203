import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeFile } from '#services/audio/decode-file.js';
import { createAudioDecoder } from '#services/audio/decoder.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { encodeWav } from '#services/audio/wav.js';
import { silentLogger } from '#utils/logging/logger.js';
import {
  becomes,
  canSeeProcesses,
  decodeAll,
  decoderChildren,
  openHandles,
  residentBytes,
} from '../../support/decoding.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { makeLongMp3, makeLongWav } from '../../support/long-files.js';
import { fixture, testFolder } from '../../support/paths.js';

const MEBIBYTE = 2 ** 20;
const HALF_HOUR_SECONDS = 1800;
const skip = canSeeProcesses ? false : 'looks at processes through /proc';

describe('audio decoder', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let longWav: string;
  const speech = fixturePcm('two-speakers-clean');
  const decoders: AudioDecoder[] = [];

  /** Without a spare child, so that every child seen belongs to a request. */
  function newDecoder(
    options: { maxAudioSeconds?: number; warmChildren?: 0 | 1 } = {},
  ): AudioDecoder {
    const decoder = createAudioDecoder({
      logger: silentLogger,
      maxAudioSeconds: 90_000,
      warmChildren: 0,
      ...options,
    });
    decoders.push(decoder);
    return decoder;
  }

  before(async () => {
    folder = await testFolder();
    longWav = join(folder.path, 'long.wav');
    await makeLongWav(longWav, speech, HALF_HOUR_SECONDS);
  });
  after(async () => {
    await Promise.all(decoders.map((decoder) => decoder.dispose()));
    await folder.remove();
  });

  it('says that a file cannot be opened without saying where it is', () => {
    const path = join(folder.path, 'gone.wav');
    assert.throws(
      () => decodeFile(path).next(),
      (error: Error & { key?: string }) =>
        error.key === 'audio_not_opened' &&
        error.message.includes('ENOENT') &&
        !error.message.includes('gone'),
    );
  });

  it('yields blocks of one second and ends with the decoded duration', async () => {
    const lengths: number[] = [];
    const blocks = newDecoder().decode(fixture('two-speakers-clean'));
    let next = await blocks.next();
    for (; !next.done; next = await blocks.next()) lengths.push(next.value.length);
    assert.deepEqual(new Set(lengths.slice(0, -1)), new Set([16_000]));
    assert.equal(next.value.seconds, 54.9914375);
  });

  it('decodes silence: whether anything was said is not for the decoder to judge', async () => {
    const path = join(folder.path, 'silence.wav');
    await writeFile(path, encodeWav(new Int16Array(32_000)));
    const { samples } = await decodeAll(newDecoder(), path);
    assert.equal(samples.length, 32_000);
    assert.ok(samples.every((sample) => sample === 0));
  });

  it('accepts a tenth of a second and refuses less', async () => {
    const path = join(folder.path, 'short.wav');
    await writeFile(path, encodeWav(speech.slice(0, 1600)));
    assert.equal((await decodeAll(newDecoder(), path)).seconds, 0.1);
    await writeFile(path, encodeWav(speech.slice(0, 1599)));
    await assert.rejects(decodeAll(newDecoder(), path), { key: 'audio_too_short' });
  });

  it('stops at the limit although the header promises less', async () => {
    const path = join(folder.path, 'raw.mp3');
    await makeLongMp3({ folder: folder.path, name: 'raw.mp3' }, speech, 120);
    let samples = 0;
    const run = async (): Promise<void> => {
      for await (const block of newDecoder({ maxAudioSeconds: 60 }).decode(path, {
        onOpen: ({ claimedSeconds }) => assert.ok(claimedSeconds),
      })) {
        samples += block.length;
      }
    };
    await assert.rejects(run, { key: 'audio_too_long', status: 413 });
    assert.ok(samples <= 60 * 16_000);
  });

  it('refuses a recording whose header promises too much before it decodes it', async () => {
    const blocks = newDecoder({ maxAudioSeconds: 600 }).decode(longWav);
    await assert.rejects(blocks.next(), { key: 'audio_too_long' });
  });

  it('keeps child and parent small while the consumer stalls, then goes on', { skip }, async () => {
    const blocks = newDecoder().decode(longWav);
    await blocks.next();
    const [pid] = decoderChildren();
    assert.ok(pid);
    const childBefore = residentBytes(pid);
    const parentBefore = process.memoryUsage.rss();
    await pause(2000);
    assert.ok(residentBytes(pid) - childBefore < 16 * MEBIBYTE);
    assert.ok(process.memoryUsage.rss() - parentBefore < 16 * MEBIBYTE);
    const next = await blocks.next();
    assert.equal(next.done, false);
    await blocks.return({ seconds: 0 });
  });

  it('holds no more for half an hour of mp3 than for its beginning', { skip }, async () => {
    const path = await makeLongMp3(
      { folder: folder.path, name: 'long.mp3' },
      speech,
      HALF_HOUR_SECONDS,
    );
    const sizes: number[] = [];
    let pid: number | undefined;
    const blocks = newDecoder().decode(path);
    let next = await blocks.next();
    for (let count = 0; !next.done; count += 1) {
      pid ??= decoderChildren()[0];
      if (count % 60 === 10 && pid !== undefined) sizes.push(residentBytes(pid));
      next = await blocks.next();
    }
    assert.ok(Math.abs(next.value.seconds - HALF_HOUR_SECONDS) < 60);
    const growth = Math.max(...sizes) - (sizes[0] ?? 0);
    assert.ok(growth < 24 * MEBIBYTE, `grew by ${Math.round(growth / MEBIBYTE)} MiB`);
  });

  it('kills its child when aborted, while the consumer waits and while it does not', {
    skip,
  }, async () => {
    for (const waiting of [true, false]) {
      const controller = new AbortController();
      const blocks = newDecoder().decode(longWav, { signal: controller.signal });
      await blocks.next();
      const [pid] = decoderChildren();
      assert.ok(pid);
      const reason = new Error('the client went away');
      // Watched from before the abort: a rejection that nobody watches yet would end the test run.
      const refused = waiting ? assert.rejects(drain(blocks), reason) : undefined;
      controller.abort(reason);
      assert.ok(await becomes(() => !decoderChildren().includes(pid), 1000));
      await (refused ?? assert.rejects(drain(blocks), reason));
    }
  });

  it('starts nothing when aborted in advance', async () => {
    const blocks = newDecoder().decode(longWav, {
      signal: AbortSignal.abort(new Error('too late')),
    });
    await assert.rejects(blocks.next(), /too late/);
  });

  it('kills its child when the consumer stops early', { skip }, async () => {
    for await (const block of newDecoder().decode(longWav)) {
      assert.equal(block.length, 16_000);
      break;
    }
    assert.deepEqual(decoderChildren(), []);
  });

  it('leaves open handles where they were after five in a row and three at once', {
    skip,
  }, async () => {
    const decoder = newDecoder({ warmChildren: 1 });
    const path = fixture('two-speakers-clean');
    await decodeAll(decoder, path);
    await becomes(() => decoderChildren().length === 1, 2000);
    const before = openHandles();
    for (let i = 0; i < 5; i += 1) await decodeAll(decoder, path);
    await Promise.all([1, 2, 3].map(() => decodeAll(decoder, path)));
    assert.ok(await becomes(() => openHandles() === before, 2000), `${openHandles()} of ${before}`);
    assert.equal(decoderChildren().length, 1);
    await decoder.dispose();
    assert.deepEqual(decoderChildren(), []);
  });

  it('keeps one child ready, and does without it if that child dies', { skip }, async () => {
    const decoder = newDecoder({ warmChildren: 1 });
    const [spare] = decoderChildren();
    assert.ok(spare);
    process.kill(spare, 'SIGKILL');
    await becomes(() => decoderChildren().length === 0, 1000);
    assert.equal((await decodeAll(decoder, fixture('two-speakers-clean'))).seconds, 54.9914375);
    assert.ok(await becomes(() => decoderChildren().length === 1, 1000));
    await decoder.dispose();
  });

  it('refuses work after disposal, and disposal ends what runs', { skip }, async () => {
    const decoder = newDecoder();
    const blocks = decoder.decode(longWav);
    await blocks.next();
    await Promise.all([decoder.dispose(), decoder.dispose()]);
    assert.deepEqual(decoderChildren(), []);
    await assert.rejects(drain(blocks), { key: 'decoder_lost' });
    await assert.rejects(drain(decoder.decode(longWav)), { key: 'decoder_lost' });
  });
});

async function drain(blocks: AsyncGenerator<Int16Array, unknown, void>): Promise<void> {
  for await (const _ of blocks);
}
