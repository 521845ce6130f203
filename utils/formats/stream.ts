import type { Segment, Transcript } from '#utils/transcript/types.js';
import { type DiarizedSegment, diarizedSegment, segmentId } from './diarized-json.js';
import { type JsonBody, jsonBody } from './json.js';
import { type TokenLogprob, tokenLogprobs } from './logprobs.js';
import type { RenderOptions, ResponseFormat } from './types.js';

/** OpenAI's events of a streamed transcription. */
export type StreamEvent =
  | {
      readonly type: 'transcript.text.delta';
      readonly delta: string;
      readonly segment_id?: string;
      readonly logprobs?: readonly TokenLogprob[];
    }
  | DiarizedSegment
  | ({ readonly type: 'transcript.text.done' } & JsonBody);

export type StreamOptions = Pick<RenderOptions, 'format' | 'logprobs'>;

/**
 * The event for a segment: in diarized_json the segment with its speaker, otherwise its text. The texts of all deltas,
 * one after another, are the text of the transcript: each but the first begins with the space between them.
 */
export function segmentEvent(segment: Segment, { format, logprobs }: StreamOptions): StreamEvent {
  if (format === 'diarized_json') return diarizedSegment(segment);
  return {
    type: 'transcript.text.delta',
    delta: segment.id === 0 ? segment.text : ` ${segment.text}`,
    ...(segment.speaker !== undefined && { segment_id: segmentId(segment) }),
    ...(logprobs === true && { logprobs: tokenLogprobs([segment]) }),
  };
}

/**
 * The last event. Labels of speakers that the answer without `stream` would show are never lost: they are in
 * `segments`, an extension of ours, unless diarized_json has told them already.
 */
export function doneEvent(transcript: Transcript, options: RenderOptions): StreamEvent {
  const speakerDetail = options.speakerDetail === true || showsSpeakers(options.format);
  return {
    type: 'transcript.text.done',
    ...jsonBody(transcript, {
      ...options,
      speakerDetail: speakerDetail && options.format !== 'diarized_json',
      // Here clients find out what was used, whatever was done.
      task: 'transcribe',
    }),
  };
}

/** OpenAI's `json` alone has no place for speakers. */
function showsSpeakers(format: ResponseFormat): boolean {
  return format !== 'json';
}
