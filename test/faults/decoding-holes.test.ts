import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createAudioDecoder } from '#services/audio/decoder.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { silentLogger } from '#utils/logging/logger.js';
import { scrambled } from '../support/bad-files.js';
import { bestMatch, envelopeMatch } from '../support/correlation.js';
import { remux } from '../support/damaged-media.js';
import { decodeAll } from '../support/decoding.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { makeContainer } from '../support/make-containers.js';
import { testFolder } from '../support/paths.js';

const SECONDS = 40;
const RATE = 16_000;
const HOUR = 3600;

describe('decoding of recordings with holes', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let decoder: AudioDecoder;
  const speech = fixturePcm('two-speakers-clean').subarray(0, SECONDS * RATE);
  const made = new Map<string, string>();

  before(async () => {
    folder = await testFolder();
    decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 3 * HOUR });
  });
  after(async () => {
    await decoder.dispose();
    await folder.remove();
  });

  async function fileOf(name: string): Promise<string> {
    const path = made.get(name) ?? (await makeContainer(name, folder.path, speech));
    made.set(name, path);
    return path;
  }

  async function decode(bytes: Buffer, options: { maxAudioSeconds?: number } = {}) {
    const path = join(folder.path, 'upload');
    await writeFile(path, bytes);
    const { maxAudioSeconds } = options;
    if (maxAudioSeconds === undefined) return decodeAll(decoder, path);
    const short = createAudioDecoder({ logger: silentLogger, maxAudioSeconds, warmChildren: 0 });
    try {
      return await decodeAll(short, path);
    } finally {
      await short.dispose();
    }
  }

  /** What was said in the five seconds from there on is found at its time. */
  function assertInTime(samples: Int16Array, fromSeconds: number): void {
    const window = [fromSeconds * RATE, (fromSeconds + 5) * RATE] as const;
    const { correlation, lagSeconds } = bestMatch(
      speech.subarray(...window),
      samples.subarray(...window),
    );
    assert.ok(correlation > 0.6, `correlation ${correlation} from ${fromSeconds} s on`);
    assert.ok(Math.abs(lagSeconds) <= 0.05, `shifted by ${lagSeconds} s`);
  }

  for (const name of [
    'flac',
    'm4a',
    'ogg vorbis',
    'ogg opus',
    'webm without duration',
    'mp4 with video',
    'mkv with video',
    'mpeg-ts with video',
  ]) {
    it(`keeps the time of what follows a damaged stretch: ${name}`, async () => {
      const bytes = await readFile(await fileOf(name));
      const { samples, seconds } = await decode(scrambled(bytes, 0.5, 0.7));
      assert.ok(Math.abs(seconds - SECONDS) < 0.3, `${seconds} s`);
      assertInTime(samples, 2);
      assertInTime(samples, SECONDS * 0.8);
      const silent = samples.subarray(SECONDS * 0.55 * RATE, SECONDS * 0.6 * RATE);
      if (name !== 'mp4 with video') assert.ok(silent.every((sample) => sample === 0));
    });
  }

  it('keeps the time of what follows a damaged beginning of a FLAC file', async () => {
    const bytes = await readFile(await fileOf('flac'));
    const { samples, seconds } = await decode(scrambled(bytes, 0.02, 0.3));
    assert.ok(Math.abs(seconds - SECONDS) < 0.3, `${seconds} s`);
    assertInTime(samples, SECONDS / 2);
  });

  it('keeps the time of what follows damage of a hundred kilobytes in an ogg file', async () => {
    const bytes = Buffer.from(await readFile(await fileOf('ogg opus')));
    bytes.fill(0, 100_000, 200_000);
    const { samples, seconds } = await decode(bytes);
    assert.ok(Math.abs(seconds - SECONDS) < 0.3, `${seconds} s`);
    assertInTime(samples, SECONDS * 0.75);
  });

  it('keeps the clock of a FLAC file that is damaged again and again', async () => {
    const bytes = Buffer.from(await readFile(await fileOf('flac')));
    for (let at = 9000; at < bytes.length * 0.8; at += 40_000) randomBytes(9000).copy(bytes, at);
    const { samples } = await decode(bytes);
    assertInTime(samples, SECONDS - 5);
  });

  it('hears what follows noise that leaves the decoder of AAC in a wrong state', async () => {
    const bytes = await readFile(await fileOf('m4a'));
    for (let i = 0; i < 8; i += 1) {
      const { samples } = await decode(scrambled(bytes, 0.5, 0.7));
      const from = SECONDS * 0.8 * RATE;
      const loudness = envelopeMatch(speech.subarray(from), samples.subarray(from), 0);
      assert.ok(loudness > 0.95, `loudness ${loudness}`);
    }
  });

  describe('of which packets are missing', () => {
    const kinds = [
      { name: 'webm without duration', format: 'webm', formatOptions: { live: '1' } },
      { name: 'ogg opus', format: 'ogg' },
      { name: 'm4a', format: 'ipod' },
    ];
    const losses: Record<string, (seconds: number, index: number) => boolean> = {
      'ten seconds': (seconds) => seconds > 15 && seconds < 25,
      'every seventh packet': (_, index) => index % 7 === 3,
    };
    for (const { name, format, formatOptions = {} } of kinds) {
      for (const [what, isLost] of Object.entries(losses)) {
        it(`keeps the recording's clock: ${what} of ${name}`, async () => {
          const from = await fileOf(name);
          const to = join(folder.path, `lost.${format}`);
          const keep = (_: unknown, at: number, index: number): boolean => !isLost(at, index);
          await remux({ from, to, format, formatOptions, keep });
          const { seconds } = await decode(await readFile(to));
          assert.ok(Math.abs(seconds - SECONDS) < 0.4, `${seconds} s`);
        });
      }
    }
  });

  describe('whose timestamps are nonsense', () => {
    /** A webm file whose packets from a second on are moved. */
    async function moved(fromSeconds: number, bySeconds: number): Promise<Buffer> {
      const from = await fileOf('webm without duration');
      const to = join(folder.path, 'moved.webm');
      await remux({
        from,
        to,
        format: 'webm',
        formatOptions: { live: '1' },
        keep: (packet, seconds) => {
          if (seconds < fromSeconds) return true;
          // A webm stream counts milliseconds.
          packet.pts += BigInt(Math.round(bySeconds * 1000));
          packet.dts = packet.pts;
          return true;
        },
      });
      return readFile(to);
    }

    it('is as long as its sound after a jump of ten hours', async () => {
      const { seconds } = await decode(await moved(1, 10 * HOUR));
      assert.ok(Math.abs(seconds - SECONDS) < 0.1, `${seconds} s`);
    });

    it('is as long as its sound after a jump of more than it decoded so far', async () => {
      const { seconds } = await decode(await moved(1, 60));
      assert.ok(Math.abs(seconds - SECONDS) < 0.1, `${seconds} s`);
    });

    it('is not made longer than a recording may be', async () => {
      const bytes = await moved(25, 20);
      assert.ok(Math.abs((await decode(bytes)).seconds - SECONDS - 20) < 0.1);
      const { seconds } = await decode(bytes, { maxAudioSeconds: SECONDS + 1 });
      assert.ok(Math.abs(seconds - SECONDS) < 0.1, `${seconds} s`);
    });
  });

  it('refuses a file of which next to nothing is left, however long its holes are', async () => {
    const from = await fileOf('m4a');
    const to = join(folder.path, 'nearly-nothing.m4a');
    const keep = (_: unknown, at: number): boolean => at < 0.5 || at > SECONDS - 0.5;
    await remux({ from, to, format: 'ipod', keep });
    await assert.rejects(decode(await readFile(to)), { key: 'audio_corrupt' });
  });
});
