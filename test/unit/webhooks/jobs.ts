import type { Job } from '#services/jobs/types.js';

/** A job that has ended. */
export function endedJob(about: Partial<Job> = {}): Job {
  return {
    id: '3f0c7a52-9a53-4c57-9d8e-7a3a3a4f5b11',
    owner: 'anyone',
    status: 'completed',
    fileName: 'secret-meeting.mp3',
    bytes: 1000,
    work: { model: 'moonshine-base', recognition: {} },
    rendering: {
      format: 'json',
      granularities: [],
      logprobs: false,
      speakerDetail: false,
      languages: false,
    },
    createdAt: Date.parse('2026-01-02T03:04:05Z'),
    startedAt: Date.parse('2026-01-02T03:04:06Z'),
    endedAt: Date.parse('2026-01-02T03:05:00.500Z'),
    audioSeconds: 61.5,
    totalSeconds: 61.5,
    fromCache: false,
    deliveries: [],
    ...about,
  };
}
