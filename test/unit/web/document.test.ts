import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderTranscript, responseFormats } from '#utils/formats/index.js';
import { readTranscriptDocument, transcriptDocument } from '#utils/transcript/document.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import { conversation } from './transcripts.js';

/** Every field there is, times that no format writes so, and numbers that JSON does not know. */
function everything(): Transcript {
  const { segments, ...rest } = conversation();
  const pieces = [{ bytes: Uint8Array.of(32, 0xc3), logprob: -0.123456789 }];
  const full = segments.map(
    (segment): Required<Segment> => ({
      ...segment,
      start: segment.start + 1 / 3,
      language: 'en',
      speaker: segment.speaker ?? '',
      words: segment.words.map((word) => ({ ...word, confidence: 1 / 7, pieces })),
    }),
  );
  return { ...rest, languages: ['en', 'fr'], segments: full };
}

const rendering = {
  task: 'transcribe',
  languageName: 'english',
  granularities: ['word'],
  speakerDetail: true,
  logprobs: true,
  languages: true,
} as const;

const overJson = (transcript: Transcript) =>
  readTranscriptDocument(JSON.parse(JSON.stringify(transcriptDocument(transcript, rendering))));

describe('a transcript as a document', () => {
  it('is read back with every field and no other', () => {
    assert.deepEqual(overJson(everything()), { transcript: everything(), rendering });
    assert.deepEqual(overJson(conversation()).transcript, conversation());
  });

  it('is written in every format as before, also where JSON does not know a number', () => {
    const [first, ...others] = everything().segments as [Segment, ...Segment[]];
    const strange = { ...first, avgLogprob: Number.NEGATIVE_INFINITY, noSpeechProb: Number.NaN };
    const transcript = { ...everything(), segments: [strange, ...others] };
    const read = overJson(transcript);
    for (const format of responseFormats) {
      assert.deepEqual(
        renderTranscript(read.transcript, { ...read.rendering, format }),
        renderTranscript(transcript, { ...rendering, format }),
        format,
      );
    }
  });
});
