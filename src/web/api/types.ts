/** What is read of the API's answers. Times of day are Unix seconds, times in a recording seconds. */

export type JobStatus = 'pending' | 'processing' | 'completed' | 'failed' | 'cancelled';

export type Job = {
  readonly id: string;
  readonly status: JobStatus;
  readonly file_name: string;
  readonly bytes: number;
  readonly model: string;
  readonly vocabulary: string | null;
  readonly created_at: number;
  readonly completed_at: number | null;
  readonly progress: number;
  readonly audio_seconds: number;
  readonly duration: number | null;
  readonly position: number | null;
  readonly speed: number | null;
  readonly eta_seconds: number | null;
  readonly error: { readonly message: string } | null;
  readonly cached: boolean;
  readonly expires_at: number | null;
};

export type JobList = { readonly data: readonly Job[]; readonly has_more: boolean };

/** An event of a job. Others may come and are passed over. */
export type JobEvent =
  | { readonly type: 'job.status'; readonly status: JobStatus }
  | { readonly type: 'job.progress' }
  | (HeardSegment & { readonly type: 'job.segment' });

export type HeardSegment = {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly speaker?: string;
};

export type Model = {
  readonly id: string;
  /** Absent where the model that the id means is not installed. */
  readonly whosaid?: AboutModel;
};

export type AboutModel = {
  readonly model: string;
  readonly name: string;
  readonly languages: readonly string[];
  readonly capabilities: {
    readonly translation: boolean;
    readonly language_detection: boolean;
    readonly prompt: boolean;
    readonly keywords: boolean;
    readonly speakers: boolean;
    /** What can be done to the sound first. */
    readonly enhance: readonly string[];
  };
  readonly default: boolean;
  readonly asks_for_speakers: boolean;
};

export type Health = { readonly limits: { readonly max_upload_bytes: number } };
