import type { Segment, Transcript } from '#utils/transcript/types.js';
import { type TokenLogprob, tokenLogprobs } from './logprobs.js';
import { seconds } from './numbers.js';
import { hasSpeakers, speakerOf } from './speaker-label.js';
import type { RenderOptions } from './types.js';
import { type DurationUsage, durationUsage } from './usage.js';

export type JsonOptions = Partial<
  Pick<RenderOptions, 'task' | 'speakerDetail' | 'logprobs' | 'languages'>
>;

/** OpenAI's `json` as an object; what is optional is there only where it was asked for. */
export type JsonBody = {
  readonly text: string;
  readonly logprobs?: readonly TokenLogprob[];
  readonly languages?: readonly { readonly code: string }[];
  readonly segments?: readonly SpokenSegment[];
  readonly usage?: DurationUsage;
};

export type SpokenSegment = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly speaker: string;
};

/**
 * OpenAI's `json`: the text and what was used, nothing else (strict typed clients reject further keys). Only with
 * `speakerDetail` there is an extension of ours: `segments`, each with `start`, `end`, `text` and `speaker`.
 */
export function renderJson(transcript: Transcript, options: JsonOptions = {}): string {
  return JSON.stringify(jsonBody(transcript, options));
}

/** What `renderJson` writes. */
export function jsonBody(transcript: Transcript, options: JsonOptions): JsonBody {
  const { segments } = transcript;
  return {
    text: transcript.text,
    ...askedFor(transcript, options),
    ...(options.speakerDetail === true &&
      hasSpeakers(transcript) && { segments: segments.map(spokenSegment) }),
    // OpenAI's translations say nothing about what was used.
    ...(options.task !== 'translate' && { usage: durationUsage(transcript.duration) }),
  };
}

/** What json and verbose_json have in common besides the text: fields for which requests have a switch. */
export function askedFor(
  { segments, languages }: Transcript,
  options: Pick<JsonOptions, 'logprobs' | 'languages'>,
): Pick<JsonBody, 'logprobs' | 'languages'> {
  return {
    ...(options.logprobs === true && { logprobs: tokenLogprobs(segments) }),
    ...(options.languages === true && { languages: languages.map((code) => ({ code })) }),
  };
}

function spokenSegment(segment: Segment): SpokenSegment {
  return {
    start: seconds(segment.start),
    end: seconds(segment.end),
    text: segment.text,
    speaker: speakerOf(segment),
  };
}
