import type { Logger } from '#utils/logging/logger.js';

/** How a child process is started, watched and stopped. */
export type EngineHostOptions = {
  /** Absolute path of the compiled module that the child runs. */
  readonly modulePath: string;
  /** What the child is for, in logs and in the health report: `speech`. */
  readonly role: string;
  /** Catalogue id of the model that it loads; for the speaker models `speakers`. Default: the role. */
  readonly model?: string;
  readonly logger: Logger;
  /** Variables of a child's environment. Default: none. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** A child that is not ready by then is stopped and counts as failed. Default 120,000. */
  readonly startTimeoutMs?: number;
  /** Time between asking to leave and SIGKILL. Default 2000. */
  readonly stopStepMs?: number;
  /** Pause before the first restart; doubles with every failure in a row. Default 250. */
  readonly restartPauseMs?: number;
  /** Longest pause before a restart. Default 10,000. */
  readonly maxRestartPauseMs?: number;
  /** How often a child is asked for a sign of life, which a thread of its own gives. Default 2000. */
  readonly pingIntervalMs?: number;
  /** So many questions in a row without an answer, and the child is taken for dead. Default 5. */
  readonly maxMissedPings?: number;
  /** A request that makes no progress for so long, and what it is allowed on top, ends the child. Default 60,000. */
  readonly stallMs?: number;
  /** Resident memory from which a child is replaced between requests. Default: as after loading and 1 GiB more. */
  readonly memoryLimitBytes?: number | null;
  /** Hears what happens to children. */
  readonly onEvent?: (event: EngineEvent) => void;
};

/** Why a child is no more although nobody asked it to leave. */
export type LossReason =
  /** It ended by itself, or somebody ended it. */
  | 'ended'
  /** No sign of life. */
  | 'silent'
  /** Alive, but it made no progress with a request. */
  | 'stalled'
  /** It took too much memory. */
  | 'memory';

/** What happens to the child processes of engines, for metrics. */
export type EngineEvent = { readonly role: string; readonly model: string } & (
  | { readonly type: 'loaded'; readonly loadMs: number }
  | { readonly type: 'start-failed' }
  | { readonly type: 'lost'; readonly reason: LossReason }
  /** Replaced between requests, since it had taken much memory. */
  | { readonly type: 'recycled' }
  /** All processes of the model were ended, to make room for others. */
  | { readonly type: 'unloaded' }
);

export type RequestCall = {
  /** Rejects the request with `signal.reason`; the child is told that nobody waits. */
  readonly signal?: AbortSignal | undefined;
  /** How much longer than a request without audio it may be without progress. Default 0. */
  readonly allowanceSeconds?: number;
};

/** One engine host as the health report shows it. */
export type HostState = {
  readonly role: string;
  /** Its process, as long as it has one. */
  readonly pid: number | undefined;
  /** `waiting`: it ended or could not start, and is started again after a pause. */
  readonly state: 'stopped' | 'starting' | 'ready' | 'busy' | 'waiting';
  /** Resident memory when the child last said something; undefined when there is none. */
  readonly rssBytes: number | undefined;
  /** Starts after the first. */
  readonly restarts: number;
};

/** All hosts of one model as the health report and the metrics show them. */
export type PoolState = {
  readonly role: string;
  readonly model: string;
  readonly hosts: readonly HostState[];
  /** Requests that wait for a free host. */
  readonly queued: number;
  /** Present while the pool takes no requests, after failure upon failure: when it tries again. */
  readonly retrySeconds?: number;
};
