import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AVERROR_EAGAIN } from 'node-av/constants';
import { Frame, Packet } from 'node-av/lib';
import { openAudioStream } from '#services/audio/audio-stream.js';
import { decodeFile } from '#services/audio/decode-file.js';
import { openMediaSource } from '#services/audio/media-source.js';
import { Resampler } from '#services/audio/resampler.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { type ContainerKind, containerKinds } from '../../support/make-containers.js';
import { testFolder } from '../../support/paths.js';

const SECONDS = 8;
/** Recordings whose files can be put one behind the other: the second one's clock begins again. */
const chained = ['mp3', 'aac without container', 'ogg opus', 'webm without duration', 'flac'];

describe('decoding of files without holes', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  const samples = fixturePcm('two-speakers-clean').subarray(0, SECONDS * 16_000);

  before(async () => {
    folder = await testFolder();
  });
  after(() => folder.remove());

  async function make(kind: ContainerKind, index: number): Promise<string> {
    const own = join(folder.path, String(index));
    await mkdir(own, { recursive: true });
    const path = join(own, kind.file);
    await kind.make(path, samples);
    return path;
  }

  for (const [index, kind] of containerKinds.entries()) {
    it(`gives the frames of ${kind.name} and nothing else`, async () => {
      const path = await make(kind, index);
      assertSameSamples(path);
      if (!chained.includes(kind.name)) return;
      const bytes = await readFile(path);
      await writeFile(path, Buffer.concat([bytes, bytes]));
      assertSameSamples(path);
    });
  }
});

function assertSameSamples(path: string): void {
  const pieces: Buffer[] = [];
  for (const step of decodeFile(path)) {
    if (step.type === 'pcm') pieces.push(Buffer.from(step.bytes));
  }
  const samples = Buffer.concat(pieces);
  const expected = framesAlone(path);
  assert.ok(expected.length > 0);
  assert.equal(samples.length, expected.length);
  assert.ok(samples.equals(expected), 'other samples');
}

/** What the decoder gives, one frame behind the other, whatever their timestamps say. */
function framesAlone(path: string): Buffer {
  const source = openMediaSource(path);
  const { index, decoder, close } = openAudioStream(source);
  const resampler = new Resampler();
  const packet = new Packet();
  const frame = new Frame();
  packet.alloc();
  frame.alloc();
  const pieces: Buffer[] = [];
  const keep = (made: Iterable<Buffer>): void => {
    for (const piece of made) pieces.push(Buffer.from(piece));
  };
  const receive = (): void => {
    while (decoder.receiveFrameSync(frame) >= 0) {
      keep(resampler.push(frame));
      frame.unref();
    }
  };
  for (let result = 0; result >= 0 || result === AVERROR_EAGAIN; ) {
    result = source.format.readFrameSync(packet);
    if (result < 0) continue;
    if (packet.streamIndex === index) {
      decoder.sendPacketSync(packet);
      receive();
    }
    packet.unref();
  }
  decoder.sendPacketSync(null);
  receive();
  keep(resampler.flush());
  frame.free();
  packet.free();
  resampler.dispose();
  close();
  source.close();
  return Buffer.concat(pieces);
}
