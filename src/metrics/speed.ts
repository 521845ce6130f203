import { Counter, Histogram, type Registry } from 'prom-client';

/** A recording that was transcribed to its end. */
export type EndedTranscription = {
  /** Catalogue id of the recogniser. */
  readonly model: string;
  /** Length of the recording. */
  readonly audioSeconds: number;
  /** From its turn to its transcript: neither upload nor waiting. */
  readonly workSeconds: number;
  /** Whether it was found out who speaks. */
  readonly speakers: boolean;
};

/** Below 1 is faster than the recording plays. */
const FACTOR_BUCKETS = [0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 0.75, 1, 1.5, 2, 5];

/** How much is transcribed, and how quickly. */
export function speedMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['model', 'speakers'] as const;
  const audio = new Counter({
    name: 'whosaid_audio_seconds_total',
    help: 'Seconds of audio worked through. Grows while a recording is worked on, so that its rate is the speed now.',
    registers,
  });
  const recordings = new Counter({
    name: 'whosaid_recordings_total',
    help: 'Recordings transcribed to their end; jobs with QUEUE_URL are in whosaid_jobs_ended_total alone.',
    labelNames,
    registers,
  });
  const factors = new Histogram({
    name: 'whosaid_real_time_factor',
    help: 'Seconds of work for each second of a recording (with QUEUE_URL, of each chunk of a job); below 1 is faster than it plays.',
    labelNames,
    buckets: FACTOR_BUCKETS,
    registers,
  });
  const partTranscribed = (part: EndedTranscription): void => {
    const { audioSeconds, workSeconds } = part;
    if (audioSeconds > 0) factors.observe(labelsOf(part), workSeconds / audioSeconds);
  };
  return {
    audioWorked(seconds: number): void {
      // A counter refuses to go back, and no figure is worth failing a request for.
      if (seconds > 0 && Number.isFinite(seconds)) audio.inc(seconds);
    },
    transcribed(recording: EndedTranscription): void {
      recordings.inc(labelsOf(recording));
      partTranscribed(recording);
    },
    partTranscribed,
  };
}

function labelsOf({ model, speakers }: EndedTranscription) {
  return { model, speakers: String(speakers) };
}
