/** How the time between the signal to stop and the end is spent; all together it is the grace time. */
export type StopPlan = {
  /** Requests may go on, and those that wait may begin. */
  readonly workMs: number;
  /** What is left then is aborted, and its answers go out before connections are cut. */
  readonly answerMs: number;
  /** Meanwhile engines are asked to leave, then told to, then made to: so long from each of these to the next. */
  readonly engineStepMs: number;
  /** From the signal on: the process ends, whatever hangs. */
  readonly exitMs: number;
};

/** An engine has two seconds for each step when it is stopped in peace; see `EngineHostOptions.stopStepMs`. */
const ENDING_MS = 5000;

/** Five seconds of the grace time, and never more than a quarter of it, are kept for ending what is left. */
export function stopPlan({ graceSeconds }: { readonly graceSeconds: number }): StopPlan {
  const graceMs = graceSeconds * 1000;
  const endingMs = Math.min(ENDING_MS, graceMs / 4);
  return {
    workMs: graceMs - endingMs,
    answerMs: 0.8 * endingMs,
    engineStepMs: 0.4 * endingMs,
    exitMs: graceMs - 0.05 * endingMs,
  };
}
