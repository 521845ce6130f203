import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  FrameReader,
  type FromDecoder,
  messageFrame,
  pcmHeader,
} from '#services/audio/decoder-protocol.js';

describe('frames of the decoding child', () => {
  const samples = Int16Array.from([1, -2, 32_767, -32_768]);
  const pcm = Buffer.from(samples.buffer);
  const stream = Buffer.concat([
    messageFrame({
      type: 'opened',
      claimedSeconds: undefined,
      container: 'wav',
      codec: 'pcm_s16le',
    }),
    pcmHeader(pcm.length),
    pcm,
    messageFrame({ type: 'done', seconds: 1.5 }),
  ]);

  it('come out whole and in order however the pipe cuts them', () => {
    for (const size of [1, 3, 7, stream.length]) {
      const reader = new FrameReader();
      const messages: FromDecoder[] = [];
      for (let at = 0; at < stream.length; at += size) {
        messages.push(...reader.read(stream.subarray(at, at + size)));
      }
      assert.deepEqual(messages, [
        { type: 'opened', container: 'wav', codec: 'pcm_s16le' },
        { type: 'pcm', samples },
        { type: 'done', seconds: 1.5 },
      ]);
    }
  });

  it('are refused when they are none', () => {
    const tooLong = Buffer.from([1, 255, 255, 255, 255]);
    const unknown = Buffer.from([9, 0, 0, 0, 0]);
    for (const bytes of [tooLong, unknown]) assert.throws(() => [...new FrameReader().read(bytes)]);
  });
});
