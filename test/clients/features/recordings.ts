import assert from 'node:assert/strict';
import type { Recording } from '../call.js';
import { objectOf, SENTENCE } from './expect.js';
import { type Feature, transcribe } from './feature.js';

const given = (title: string, as: Recording['as']): Feature => ({
  group: 'The recording',
  title,
  call: (bench) => transcribe(bench, { recording: { path: bench.recordings.sentence, as } }),
  check: (outcome) => assert.match(String(objectOf(outcome).text), SENTENCE),
});

export const recordings = {
  file: given('a file', 'file'),
  streamOfFile: given('a stream: chunked, its length not known', 'stream'),
  bytes: given('bytes with a name', 'bytes'),
  nameless: given('bytes without a name', 'nameless bytes'),
} as const satisfies Record<string, Feature>;
