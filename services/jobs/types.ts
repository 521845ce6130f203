import type { RecogniseOptions } from '#services/asr/types.js';
import type { SpeakerCount } from '#services/diarization/types.js';
import type { EnhanceRequest } from '#services/enhance/types.js';
import type { ChannelsRequest, TranscribeRequest } from '#services/transcription/types.js';
import type { PlainError } from '#utils/errors/whosaid-error.js';
import type { Granularity, ResponseFormat } from '#utils/formats/index.js';
import type { Transcript } from '#utils/transcript/types.js';

/** The words of jobs, as types. Times of day are milliseconds since 1970, times in a recording seconds. */

export const JOB_STATUSES = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const;

/** `pending` waits for its turn, `processing` is worked on; the others are final. */
export type JobStatus = (typeof JOB_STATUSES)[number];

/** What is to be done with a recording: plain data, as it is stored and sent to other machines. */
export type JobWork = {
  /** Catalogue id of the recogniser. */
  readonly model: string;
  readonly recognition: RecogniseOptions & Pick<TranscribeRequest, 'vad' | 'spelling'>;
  /** What became of the prompt and the keywords, in words for whoever asks for the job; absent where none were sent. */
  readonly vocabulary?: string;
  /** Absent: no speakers. Not together with `channels`. */
  readonly speakers?: {
    readonly count?: SpeakerCount;
    /** Samples of known voices: names of files beside the recording. */
    readonly known?: readonly { readonly name: string; readonly file: string }[];
  };
  readonly channels?: ChannelsRequest;
  readonly enhance?: EnhanceRequest;
};

/** How the request wants its transcript written; a reader may ask for another format later. */
export type JobRendering = {
  readonly format: ResponseFormat;
  readonly granularities: readonly Granularity[];
  readonly logprobs: boolean;
  /** `json` tells who spoke, too. */
  readonly speakerDetail: boolean;
  /** The languages that were heard are wanted, too. */
  readonly languages: boolean;
};

/** A job that is to be made. */
export type NewJob = {
  /** Who may see it: `ownerOf` of the request. */
  readonly owner: string;
  /** What the client called the file. Never in a log. */
  readonly fileName: string;
  /**
   * Folder with the recording and the voices, on the disk of DATA_DIR. It belongs to the job from now on, if it is new;
   * if not, to the caller as before.
   */
  readonly folder: string;
  /** Name of the recording's file in the folder. */
  readonly file: string;
  /** Size of the recording. */
  readonly bytes: number;
  readonly work: JobWork;
  readonly rendering: JobRendering;
  readonly batchId?: string;
  /** Told when the job has ended. */
  readonly webhookUrl?: string;
  readonly idempotency?: {
    /** As the client sent it. */
    readonly key: string;
    /** Hash of the request: the same key with another one is refused. */
    readonly fingerprint: string;
  };
};

/** One attempt to tell a webhook. */
export type WebhookDelivery = {
  readonly at: number;
  /** 1, 2, 3 … */
  readonly attempt: number;
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** Why there was none, in a few words without addresses. */
  readonly failure?: string;
};

export type Job = {
  /** A UUID. */
  readonly id: string;
  readonly owner: string;
  readonly status: JobStatus;
  readonly fileName: string;
  readonly bytes: number;
  readonly work: JobWork;
  readonly rendering: JobRendering;
  readonly batchId?: string;
  readonly webhookUrl?: string;
  readonly createdAt: number;
  /** When it was worked on first. */
  readonly startedAt?: number;
  /** When it reached its final status. */
  readonly endedAt?: number;
  /** Seconds of the recording that are worked through. */
  readonly audioSeconds: number;
  /** Length of the recording, as far as it is known. */
  readonly totalSeconds?: number;
  /** How many are before it and itself, while it is pending: 1 is next. */
  readonly position?: number;
  /** Why it failed. */
  readonly error?: PlainError;
  /** Its transcript is that of an earlier job with the same audio and options. */
  readonly fromCache: boolean;
  readonly deliveries: readonly WebhookDelivery[];
};

/** What happens to a job, to be told to whoever listens. */
export type JobNews =
  | { readonly type: 'status'; readonly status: JobStatus; readonly error?: PlainError }
  | {
      readonly type: 'progress';
      readonly audioSeconds: number;
      readonly totalSeconds?: number;
    }
  /** As it is in the transcript, without words. */
  | {
      readonly type: 'segment';
      readonly id: number;
      readonly start: number;
      readonly end: number;
      readonly text: string;
      readonly speaker?: string;
    };

/** News in their order. They are kept as long as the job. */
export type JobEvent = {
  /** 1, 2, 3 … in each job. */
  readonly seq: number;
  readonly at: number;
  readonly news: JobNews;
};

export type JobQuery = {
  readonly owner: string;
  readonly statuses?: readonly JobStatus[];
  readonly batchId?: string;
  /** Times of day; both included. */
  readonly createdFrom?: number;
  readonly createdTo?: number;
  /** Id of the last job of the page before. One that is not there: `cursor_unknown`. */
  readonly after?: string;
  readonly limit: number;
  /** Newest first, or oldest first. */
  readonly order: 'desc' | 'asc';
};

export type JobPage = { readonly jobs: readonly Job[]; readonly hasMore: boolean };

/** Whose job it is and which. A job of somebody else is as if it were not there. */
export type JobRef = { readonly id: string; readonly owner: string };
/** What there is to do, of all owners and on all machines together. */
export type JobBacklog = {
  readonly pending: number;
  readonly processing: number;
  /** Since the pending job was made that came first; 0 where none is pending. */
  readonly oldestPendingSeconds: number;
  /** Chunks that nobody has taken yet; 0 where chunks are not handed out. */
  readonly waitingChunks: number;
};

/**
 * Jobs as those see them who ask for them. There are two of this kind, one for a single machine and one for many, and
 * one suite of tests for both (test/contract). What is not there, or somebody else's, is undefined.
 */
export interface Jobs {
  /**
   * Makes a job, or finds the one that was made with the same idempotency key. When it has resolved, the job is on disk.
   * Rejects with `jobs_full`, `idempotency_conflict` or `jobs_unavailable`.
   */
  create(job: NewJob): Promise<{ readonly job: Job; readonly isNew: boolean }>;
  get(ref: JobRef): Promise<Job | undefined>;
  list(query: JobQuery): Promise<JobPage>;
  /** Resolves when nothing works on it any more. Rejects with `job_finished` where it has a final status already. */
  cancel(ref: JobRef): Promise<Job | undefined>;
  /** Cancels it if need be, and removes everything about it. False where there is none. */
  remove(ref: JobRef): Promise<boolean>;
  /** Undefined also where the job is not completed. */
  transcript(ref: JobRef): Promise<Transcript | undefined>;
  /**
   * All that happened after event `after` (0: from the beginning) and all that happens, until the job is final and all is
   * told. Undefined where there is no such job. Ends early, without an error, when the signal aborts.
   */
  events(
    ref: JobRef,
    options: { readonly after: number; readonly signal: AbortSignal },
  ): Promise<AsyncGenerator<JobEvent, void, void> | undefined>;
  counts(): Promise<{ readonly pending: number; readonly processing: number }>;
  /** Takes up what an earlier process left, and begins to work. */
  start(): Promise<void>;
  /** What there is to do now. */
  backlog(): Promise<JobBacklog>;
  /** Lets go of what is in work, to be gone on with by the next process. Idempotent; never rejects. */
  close(): Promise<void>;
}

/** Nothing happens to a job with such a status any more. */
export function isFinal(status: JobStatus): boolean {
  return status !== 'pending' && status !== 'processing';
}
