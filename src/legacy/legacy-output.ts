import type { Job } from '#services/jobs/types.js';
import type { ResponseFormat } from '#utils/formats/index.js';
import { seconds } from '#utils/formats/numbers.js';
import type { Transcript } from '#utils/transcript/types.js';

/** A transcript as the older server has it. */
export function legacyTranscript(
  transcript: Transcript,
  about: {
    readonly fileName: string;
    /** When it was done. */
    readonly doneAt: number;
    readonly format: ResponseFormat;
  },
) {
  const segments = about.format === 'text' ? [] : transcript.segments;
  return {
    text: transcript.text,
    segments: segments.map(({ start, end, text, speaker }) => ({
      start: seconds(start),
      end: seconds(end),
      text,
      // Only where the operator wants speakers for every request, or asked for in the other API.
      ...(speaker !== undefined && { speaker }),
    })),
    filename: about.fileName,
    timestamp: dateTime(about.doneAt),
  };
}

/** The same for a job that is completed. */
export function legacyResult(job: Job, transcript: Transcript) {
  return legacyTranscript(transcript, {
    fileName: job.fileName,
    doneAt: job.endedAt ?? job.createdAt,
    format: job.rendering.format,
  });
}

/** `2026-02-04T19:30:00`, in UTC: the older server named no zone. */
export function dateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
}
