import assert from 'node:assert/strict';
import { it } from 'node:test';
import { decode, encode } from '#services/jobs/store/codec.js';
import { type Random, sequence } from './random.js';
import { sampleChunk, sampleTranscript } from './samples.js';

const again = (value: unknown) => decode(encode(value));

it('a transcript with pieces comes back exactly as it was', () => {
  assert.deepEqual(again(sampleTranscript()), sampleTranscript());
});

it('the result of a chunk with tracks comes back exactly as it was, also the last one without a next start', () => {
  for (const chunk of [sampleChunk(), sampleChunk({ nextStart: undefined, channel: 1 })])
    assert.deepEqual(again(chunk), chunk);
});

it('whatever plain data is made of comes back, a thousand times', () => {
  const random = sequence();
  for (let round = 0; round < 1000; round += 1) {
    const value = anything(random, 4);
    assert.deepEqual(again(value), value);
  }
});

it('a typed array that is part of a larger buffer comes back alone', () => {
  const whole = new Float32Array([1, 2, 3, 4]);
  const read = again(whole.subarray(1, 3)) as Float32Array;
  assert.deepEqual(read, new Float32Array([2, 3]));
  assert.equal(read.buffer.byteLength, 8);
});

it('bytes of a Buffer come back as bytes', () => {
  assert.deepEqual(again({ bytes: Buffer.from('abc') }), { bytes: new Uint8Array([97, 98, 99]) });
});

it('what looks like one of our own marks comes back as it was', () => {
  const value = { $: 'Uint8Array', of: [{ $: undefined }], other: { $: { $: 'number' } } };
  assert.deepEqual(again(value), value);
});

it('a day of speech takes a few megabytes', () => {
  const { segments } = sampleTranscript();
  const day = Array.from({ length: 10_000 }, (_, id) => ({ ...segments[id % 2], id }));
  assert.ok(encode(day).length < 3_000_000);
});

it('what is no plain data is refused', () => {
  for (const value of [new Date(), new Map(), () => 1, 1n, { deep: [new Set()] }])
    assert.throws(() => encode(value), TypeError);
});

function anything(random: Random, depth: number): unknown {
  const leaves = [
    () => random(1000) - 500,
    () => random(1000) / 7,
    () => [Number.NaN, -0, Number.POSITIVE_INFINITY, Number.MAX_VALUE][random(4)],
    () => ['', 'ü\u{1f600}\0"\\', '$', '__proto__', 'text'][random(5)],
    () => [true, false, null, undefined][random(4)],
    () => Uint8Array.from({ length: random(5) }, () => random(256)),
    () => Float32Array.from({ length: random(5) }, () => random(100) / 3),
    () => Int16Array.from({ length: random(5) }, () => random(60_000)),
  ];
  const kinds = depth === 0 ? leaves : [...leaves, list, object];
  return (kinds[random(kinds.length)] as () => unknown)();

  function list(): unknown {
    return Array.from({ length: random(4) }, () => anything(random, depth - 1));
  }
  function object(): unknown {
    const names = ['$', 'of', 'a', 'ü', ''];
    return Object.fromEntries(
      names.slice(random(names.length)).map((name) => [name, anything(random, depth - 1)]),
    );
  }
}
