import type { Segment, Transcript, Word } from '#utils/transcript/types.js';
import { askedFor } from './json.js';
import { finite, seconds } from './numbers.js';
import { hasSpeakers, speakerOf } from './speaker-label.js';
import type { RenderOptions } from './types.js';
import { durationUsage } from './usage.js';

export type VerboseJsonOptions = Pick<
  RenderOptions,
  'granularities' | 'languageName' | 'task' | 'logprobs' | 'languages'
>;

/**
 * OpenAI's `verbose_json`. Every field of a segment is present and every number finite: clients validate them.
 * With speakers, and only then, segments and words also have `speaker`, which is an extension of ours; so is `language`,
 * the code of each segment's, where a request said which languages may be spoken.
 */
export function renderVerboseJson(transcript: Transcript, options: VerboseJsonOptions): string {
  const wanted = options.granularities?.length ? options.granularities : ['segment'];
  const isSpoken = hasSpeakers(transcript);
  const { task = 'transcribe' } = options;
  return JSON.stringify({
    task,
    language: options.languageName,
    duration: seconds(transcript.duration),
    text: transcript.text,
    ...(wanted.includes('segment') && {
      segments: transcript.segments.map((segment) => ({
        ...verboseSegment(segment),
        ...(options.languages && segment.language && { language: segment.language }),
        ...(isSpoken && { speaker: speakerOf(segment) }),
      })),
    }),
    ...(wanted.includes('word') && {
      words: transcript.segments.flatMap((segment) =>
        segment.words.map((word) => ({
          ...verboseWord(word),
          ...(isSpoken && { speaker: word.speaker ?? speakerOf(segment) }),
        })),
      ),
    }),
    ...askedFor(transcript, options),
    // OpenAI's translations say nothing about what was used.
    ...(task === 'transcribe' && { usage: durationUsage(transcript.duration) }),
  });
}

/** A segment as Whisper tells it, every field present and every number finite. */
export function verboseSegment(segment: Segment) {
  return {
    id: segment.id,
    // Whisper counts in frames of a hundredth of a second.
    seek: Math.round(finite(segment.start) * 100),
    start: seconds(segment.start),
    end: seconds(segment.end),
    // Whisper's segments begin with the space that parts them from the one before; clients join them with nothing.
    text: ` ${segment.text}`,
    tokens: segment.tokens.filter(Number.isFinite),
    temperature: finite(segment.temperature),
    avg_logprob: finite(segment.avgLogprob),
    compression_ratio: finite(segment.compressionRatio),
    no_speech_prob: finite(segment.noSpeechProb),
  };
}

function verboseWord(word: Word) {
  return { word: word.text, start: seconds(word.start), end: seconds(word.end) };
}
