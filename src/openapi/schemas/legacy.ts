import { z } from 'zod';
import { jobStatus } from './jobs.js';

/** The bodies of the older server with jobs (src/legacy). */

const seconds = z.number().min(0);
const dateTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
  .meta({ description: 'Date and time in UTC.' });

export const legacyTranscript = z
  .strictObject({
    text: z.string(),
    segments: z
      .array(
        z.strictObject({
          start: seconds,
          end: seconds,
          text: z.string(),
          speaker: z.string().optional().meta({
            description: 'Only where ENABLE_SPEAKER_DIARIZATION is `always`.',
          }),
        }),
      )
      .meta({ description: 'Empty with `include_timestamps=false`.' }),
    filename: z.string(),
    timestamp: dateTime,
  })
  .meta({
    examples: [
      {
        text: 'We spent less on travel.',
        segments: [{ start: 0.75, end: 4.37, text: 'We spent less on travel.' }],
        filename: 'audio.mp3',
        timestamp: '2026-02-04T19:30:00',
      },
    ],
  });

export const legacyStarted = z.strictObject({
  job_id: z.string(),
  status: jobStatus,
  message: z.string(),
});

export const legacyStatus = z.strictObject({
  job_id: z.string(),
  status: jobStatus,
  filename: z.string(),
  created_at: dateTime,
  completed_at: dateTime.nullable(),
  error: z.string().nullable(),
  result: legacyTranscript.nullable().meta({ description: 'When it is completed.' }),
});

export const legacyCancelled = z.strictObject({
  message: z.string(),
  status: z.literal('cancelled'),
});
