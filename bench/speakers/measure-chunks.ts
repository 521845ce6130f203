import { note } from '../report/progress.js';
import { type DiarizationScore, scoreDiarization } from '../scoring/diarization.js';
import type { Reference, SpeakerReference } from '../scoring/references.js';
import { scoreSpeakerWords, wordsOfSegments, wordsOfTurns } from '../scoring/speaker-words.js';
import { scoreWords } from '../scoring/word-starts.js';
import type { OpenPipeline } from '../support/open-pipeline.js';

/** What one recording costs in accuracy with chunks of some length. */
export type ChunkedScore = {
  readonly chunkSeconds: number;
  readonly speakers: DiarizationScore;
  readonly wer: number;
  readonly cpWer: number;
};

/** As long as the setting allows: the recording is one chunk. */
const ONE_CHUNK_SECONDS = 3600;
const SHORT_CHUNK_SECONDS = 60;

/** Transcribes a recording as one chunk and in chunks of a minute. */
export async function measureChunks({
  pipeline,
  reference,
  words,
}: {
  pipeline: OpenPipeline;
  reference: SpeakerReference;
  words: Reference;
}): Promise<{ whole: ChunkedScore; chunked: ChunkedScore }> {
  const score = async (chunkSeconds: number): Promise<ChunkedScore> => {
    note(`speakers: the pipeline with chunks of ${chunkSeconds} s`);
    const transcript = await pipeline.transcribe(reference.audio, { speakers: {}, chunkSeconds });
    const { segments, turns = [] } = transcript;
    const recognised = segments.flatMap((segment) => segment.words);
    return {
      chunkSeconds,
      speakers: scoreDiarization({ reference: reference.turns, hypothesis: turns }),
      wer: scoreWords(words.turns, recognised).words.rate,
      cpWer: scoreSpeakerWords({
        reference: wordsOfTurns(words.turns),
        hypothesis: wordsOfSegments(segments),
      }).rate,
    };
  };
  return { whole: await score(ONE_CHUNK_SECONDS), chunked: await score(SHORT_CHUNK_SECONDS) };
}
