import type { Logger } from '#utils/logging/logger.js';

/** How a child process is started, watched and stopped. */
export type EngineHostOptions = {
  /** Absolute path of the compiled module that the child runs. */
  readonly modulePath: string;
  /** What the child is for, in logs and in the health report: `speech`. */
  readonly role: string;
  readonly logger: Logger;
  /** A child that is not ready by then is stopped and counts as failed. Default 60,000. */
  readonly startTimeoutMs?: number;
  /** Time between asking to leave, SIGTERM and SIGKILL. Default 2000. */
  readonly stopStepMs?: number;
  /** Pause before the first restart; doubles with every failure in a row. Default 250. */
  readonly restartPauseMs?: number;
  /** Longest pause before a restart. Default 10,000. */
  readonly maxRestartPauseMs?: number;
};

export type RequestCall = {
  /** Rejects the request with `signal.reason`; the child is told that nobody waits. */
  readonly signal?: AbortSignal | undefined;
};

/** One engine host as the health report shows it. */
export type HostState = {
  readonly role: string;
  readonly pid: number | undefined;
  /** `waiting`: it ended or could not start, and is started again after a pause. */
  readonly state: 'stopped' | 'starting' | 'ready' | 'busy' | 'waiting';
  /** Resident memory when the child last said something. */
  readonly rssBytes: number | undefined;
  /** Starts after the first. */
  readonly restarts: number;
};
