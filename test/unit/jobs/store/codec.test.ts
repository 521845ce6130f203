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

it('arrays of all kinds come back from among each other, each in its own place', () => {
  const value = {
    short: new Float32Array([1.5]),
    none: new Float64Array(0),
    bytes: new Uint8Array([1, 2, 3]),
    long: Float64Array.from({ length: 9 }, (_each, index) => index / 7),
    odd: new Float32Array([Number.NaN, -0, Number.NEGATIVE_INFINITY]),
  };
  assert.deepEqual(again([value, value]), [value, value]);
});

it('what lies at an odd place of a larger buffer is read all the same', () => {
  const encoded = encode({ voice: new Float32Array([0.25, -0.5]) });
  const moved = Buffer.concat([Buffer.alloc(3), encoded]).subarray(3);
  assert.deepEqual(decode(moved), { voice: new Float32Array([0.25, -0.5]) });
});

it('the form of an earlier version, with arrays inside the text, is read', () => {
  const earlier =
    'i3gAAICqqqrq/3RnsJuLA2wADg4G4Ae9uIMDOBi4H/ykoAc1UzEHczBXAVNXMwMDAz2d/XTxm9nytm9T391cwjDA8DHHBMPAQ6YEbkzNGGzbM/IZGXJI+eYqgiA1cq0xSFMxaAZ2eW7Fxv1OhWAnTHpQSqn7qNTrdghdJyskQxrlFPmLqtCz8fGoiq8/ricY7sVP3Nx7x3Xj2cUgcQ6kBfL9p+Swe6iwBRKln1hvkMyJ1RklOBAuYfkvP4YhjQy0NSalAQ==';
  assert.deepEqual(decode(Buffer.from(earlier, 'base64')), {
    voice: new Float32Array([0.5, -0.25, 1 / 3]),
    bytes: new Uint8Array([1, 2]),
    none: undefined,
    odd: [Number.NaN, -0],
    word: 'Grüße',
    $: 1,
  });
});

it('bytes that are cut off are refused', () => {
  const encoded = encode(sampleChunk());
  for (const length of [0, 1, 7, 8, 400, encoded.length - 1])
    assert.throws(() => decode(encoded.subarray(0, length)), Error);
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
