import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Transcript } from '#utils/transcript/types.js';
import { loadReferences, type Reference } from '../../bench/scoring/references.js';
import { type OpenPipeline, openPipeline } from '../../bench/support/open-pipeline.js';

/** Segments are cut at 28 s at most; a little is added around speech. */
const LONGEST_SEGMENT_SECONDS = 30;

const [recording, another] = loadReferences().references as [Reference, Reference];

describe('a transcript', () => {
  let pipeline: OpenPipeline;
  let transcript: Transcript;

  before(async () => {
    pipeline = await openPipeline({ asrHosts: 2 });
    transcript = await pipeline.transcribe(recording.audio);
  });
  after(() => pipeline?.close());

  it('is the same byte for byte when the same file is transcribed again', async () => {
    assert.equal(
      JSON.stringify(await pipeline.transcribe(recording.audio)),
      JSON.stringify(transcript),
    );
  });

  it('is the same while another recording is transcribed at the same time', async () => {
    const [beside] = await Promise.all([
      pipeline.transcribe(recording.audio),
      pipeline.transcribe(another.audio),
    ]);
    assert.equal(JSON.stringify(beside), JSON.stringify(transcript));
  });

  it('is the same with one engine host as with two', async () => {
    const single = await openPipeline({ asrHosts: 1 });
    try {
      assert.equal(
        JSON.stringify(await single.transcribe(recording.audio)),
        JSON.stringify(transcript),
      );
    } finally {
      await single.close();
    }
  });

  it('lasts as long as the recording', () => {
    assert.ok(
      Math.abs(transcript.duration - recording.durationSeconds) < 0.01,
      `${transcript.duration}`,
    );
  });

  it('has segments of at most 30 s, numbered and in order, whose texts make its text', () => {
    const { segments } = transcript;
    assert.ok(segments.length > 1);
    assert.deepEqual(
      segments.map((segment) => segment.id),
      segments.map((_, index) => index),
    );
    for (const [index, { start, end, text }] of segments.entries()) {
      assert.ok(end > start && end - start <= LONGEST_SEGMENT_SECONDS, `${start} to ${end}`);
      assert.ok(start >= (segments[index - 1]?.end ?? 0), `segment ${index} begins at ${start}`);
      assert.equal(text, text.trim());
    }
    assert.equal(transcript.text, segments.map((segment) => segment.text).join(' '));
  });

  it('has words in order, inside their segment and the recording, that make the segment’s text', () => {
    let last = 0;
    for (const segment of transcript.segments) {
      assert.equal(segment.words.map((word) => word.text).join(' '), segment.text);
      for (const { text, start, end, confidence } of segment.words) {
        assert.ok(start >= last, `“${text}” begins at ${start}, before ${last}`);
        assert.ok(end >= start && end <= transcript.duration, `“${text}” ends at ${end}`);
        assert.ok(
          start >= segment.start && end <= segment.end,
          `“${text}” is outside of its segment`,
        );
        assert.ok(confidence >= 0 && confidence <= 1);
        last = start;
      }
    }
  });
});
