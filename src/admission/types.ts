import type { WorkProgress } from './long-work.js';

/**
 * Who is let in to be transcribed, and when: a bounded number at once, a bounded number that waits or uploads, and never
 * so many long recordings that short ones are kept out.
 */
export type Admission = {
  /**
   * Takes a seat for a request whose body is still to come. Throws `client_busy` when its client has as many as one may
   * have, and `server_busy` when all are taken.
   */
  enter(visitor?: Visitor): Seat;
  /** How many requests are received, wait and are worked on. */
  state(): AdmissionState;
};

export type Visitor = {
  /** Who sends it, where that counts. */
  readonly client?: string | undefined;
  /** Size of the body, as far as it is told before it comes. */
  readonly bytes?: number | undefined;
};

export type AdmissionState = {
  readonly receiving: number;
  readonly waiting: number;
  readonly running: number;
  /** Which of those are taken for long recordings; always none where there is but one place. */
  readonly long: { readonly waiting: number; readonly running: number };
};

/** Room for one request, from before its body is read: whoever has a seat finds room in the queue. */
export type Seat = {
  /**
   * Runs `work` when it is its turn: first come, first served among the short recordings and among the long ones. The
   * seat is free again when the work has settled. To be called once. Rejects with `queue_timeout`, with `signal.reason`
   * when aborted while it waits, and as `work` does.
   */
  run<Result>(call: SeatCall, work: (place: Place) => Promise<Result>): Promise<Result>;
  /** Gives a seat back that was not used. Does nothing to work that waits or runs. Idempotent. */
  leave(): void;
};

export type SeatCall = {
  readonly signal: AbortSignal;
  /** Size of the recording; left out where not all of it is worked on. */
  readonly bytes?: number | undefined;
  /**
   * Told the position in the queue (1 is next) where the request has to wait, and whenever it changes. Short and long
   * recordings have a queue each.
   */
  readonly onQueued?: (position: number) => void;
};

/** What work has while it runs. */
export type Place = {
  /** To be told how far the work is: one that turns out to be long counts among the long ones from then on. */
  worked(progress: WorkProgress): void;
};

export type AdmissionOptions = {
  /** Requests that are worked on at the same time, at least 1. */
  readonly maxRunning: number;
  /** Requests that may wait or upload besides; 0 turns away whoever would have to wait. */
  readonly maxWaiting: number;
  /** Longest wait. */
  readonly maxWaitSeconds: number;
  /** Requests that one client may have here at the same time. Default 0: any number. */
  readonly maxPerClient?: number;
};
