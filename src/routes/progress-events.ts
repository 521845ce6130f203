import type { PipelineEvent } from '#services/transcription/types.js';
import type { QueuedEvent } from '../admitted.js';

type ProgressEvent = Extract<PipelineEvent, { type: 'progress' }>;

/** Several of a recording's windows may be done within milliseconds; nobody reads as fast. */
const PAUSE_MS = 500;

/**
 * What those who send `progress` are told besides OpenAI's events: where they are in the queue, each time that this
 * changes, then how much of the recording is worked through, twice a second at most. Gives the event as it is sent;
 * undefined where the last one was told a moment ago. The name says whose events they are, so that OpenAI's never clash.
 */
export function progressTeller(): (event: QueuedEvent | ProgressEvent) => object | undefined {
  let toldMs = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.type === 'queued') return { type: 'whosaid.queued', position: event.position };
    const nowMs = performance.now();
    if (nowMs - toldMs < PAUSE_MS) return undefined;
    toldMs = nowMs;
    return {
      type: 'whosaid.progress',
      audio_seconds: inMilliseconds(event.audioSeconds),
      total_seconds: event.totalSeconds === undefined ? null : inMilliseconds(event.totalSeconds),
    };
  };
}

/** Seconds without digits that mean nothing. */
function inMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
