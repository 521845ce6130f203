import type { Job } from '../api/types.js';
import { clockTime, lengthInWords } from '../ui/words.js';

/** What is happening to a job, in one line. */
export function statusInWords(job: Job): string {
  switch (job.status) {
    case 'pending':
      return waitingInWords(job.position);
    case 'processing':
      return workInWords(job);
    case 'completed':
      return job.duration === null ? 'Done' : lengthInWords(job.duration);
    case 'cancelled':
      return 'Cancelled';
    case 'failed':
      return 'Failed';
  }
}

function waitingInWords(position: number | null): string {
  if (position === null) return 'Waiting';
  return position === 1 ? 'Waiting: next in line' : `Waiting: ${position - 1} before it`;
}

/** How far the work is; what is not known yet is left out. */
function workInWords({ audio_seconds, duration, speed, eta_seconds }: Job): string {
  if (audio_seconds === 0) return 'Reading the recording';
  if (duration === null) return `Transcribing: ${clockTime(audio_seconds)} done`;
  if (audio_seconds >= duration) return 'Finishing: putting words and speakers together';
  return [
    `Transcribing: ${clockTime(audio_seconds)} of ${clockTime(duration)}`,
    ...(speed === null ? [] : [`${shortSpeed(speed)}× real time`]),
    ...(eta_seconds === null ? [] : [`about ${lengthInWords(eta_seconds)} left`]),
  ].join(' · ');
}

function shortSpeed(speed: number): string {
  return speed < 10 ? speed.toFixed(1) : String(Math.round(speed));
}

/** Whether something will still happen to it by itself. */
export function isActive({ status }: Pick<Job, 'status'>): boolean {
  return status === 'pending' || status === 'processing';
}

/** The day and time of day, short, in the way of whoever reads it. */
export function whenInWords(unixSeconds: number, now: Date = new Date()): string {
  const date = new Date(unixSeconds * 1000);
  const time = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === now.toDateString()) return time;
  const isThisYear = date.getFullYear() === now.getFullYear();
  const day = date.toLocaleDateString([], {
    day: 'numeric',
    month: 'short',
    ...(!isThisYear && { year: 'numeric' }),
  });
  return `${day}, ${time}`;
}
