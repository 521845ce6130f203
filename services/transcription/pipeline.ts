import { transcribeChannels } from './split-channels.js';
import { transcribeRecording } from './transcribe-recording.js';
import type { PipelineDeps, PipelineEvent, TranscribeRequest } from './types.js';

export type { PipelineDeps } from './types.js';

/**
 * What every way in calls: a recording goes in, typed events come out as it is worked through.
 *
 * Leaving the iteration early, or aborting `request.signal`, stops decoding and the requests to the engines before the
 * generator ends.
 *
 * @throws WhosaidError of the decoder or the engines, about a known speaker or about channels, or
 * `request.signal.reason`.
 */
export function transcribe(
  request: TranscribeRequest,
  deps: PipelineDeps,
): AsyncGenerator<PipelineEvent, void, void> {
  return request.channels ? transcribeChannels(request, deps) : transcribeRecording(request, deps);
}
