/** Who is let in to be transcribed, and when: a bounded number at once, a bounded number that waits. */
export type Admission = {
  /**
   * Runs `work` when it is its turn. Rejects with `server_busy` or `queue_timeout` when there is no room, with
   * `signal.reason` when aborted while it waits, and as `work` does.
   */
  run<Result>(call: AdmissionCall, work: () => Promise<Result>): Promise<Result>;
  /** Throws `server_busy` when a request that came now would be turned away: tells before an upload is read. */
  checkRoom(): void;
};

export type AdmissionCall = {
  readonly signal: AbortSignal;
  /** Called with the place in the queue, 1 for the next, whenever it changes; not called when there is no wait. */
  readonly onPosition?: (position: number) => void;
};

export function createAdmission(): Admission {
  return { run: (_call, work) => work(), checkRoom: () => {} };
}
