import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** Who is let in to be transcribed, and when: a bounded number at once, a bounded number that waits. */
export type Admission = {
  /**
   * Runs `work` when it is its turn: first come, first served. Its place is free again when the work has settled.
   * Rejects with `server_busy` or `queue_timeout` when there is no room, with `signal.reason` when aborted while it
   * waits, and as `work` does.
   */
  run<Result>(call: AdmissionCall, work: () => Promise<Result>): Promise<Result>;
  /** Throws `server_busy` when a request that came now would be turned away: tells before an upload is read. */
  checkRoom(): void;
  /** How many requests are worked on and how many wait. */
  state(): { readonly running: number; readonly waiting: number };
};

export type AdmissionCall = {
  readonly signal: AbortSignal;
  /** Called with the place in the queue, 1 for the next, whenever it changes; not called when there is no wait. */
  readonly onPosition?: (position: number) => void;
};

export type AdmissionOptions = {
  /** Requests that are worked on at the same time, at least 1. */
  readonly maxRunning: number;
  /** Requests that may wait; 0 turns away whoever would have to. */
  readonly maxWaiting: number;
  /** Longest wait. */
  readonly maxWaitSeconds: number;
};

type Waiter = { readonly admit: () => void; readonly onPosition?: (position: number) => void };

/** What a request is taken to last before any has ended. */
const FIRST_GUESS_SECONDS = 5;
/** Weight of the last request in the moving average of how long they take. */
const NEWEST_WEIGHT = 0.2;
/** A client that is told to come back later than this would rather be told to go. */
const MAX_RETRY_SECONDS = 600;

export function createAdmission(options: AdmissionOptions): Admission {
  const { maxRunning, maxWaiting, maxWaitSeconds } = options;
  const waiting: Waiter[] = [];
  /** Start times of what is worked on, in seconds. A place that is handed on has none for a moment. */
  const startedAt = new Set<{ readonly seconds: number }>();
  let taken = 0;
  let usualSeconds = FIRST_GUESS_SECONDS;

  /** When a place should be free for one who came now: those who wait take their turns before. */
  const retrySeconds = (): number => {
    // Long recordings show before they end: by their age.
    const ages = [...startedAt].map(({ seconds }) => nowSeconds() - seconds);
    const meanAge = ages.reduce((sum, age) => sum + age, 0) / Math.max(1, ages.length);
    const turns = (waiting.length + 1) / maxRunning;
    const seconds = Math.ceil(Math.max(usualSeconds, meanAge) * turns);
    return Math.min(MAX_RETRY_SECONDS, Math.max(1, seconds));
  };
  const tellPositions = (from: number): void => {
    for (const [index, { onPosition }] of waiting.entries()) {
      if (index >= from) onPosition?.(index + 1);
    }
  };
  const checkRoom = (): void => {
    if (taken < maxRunning || waiting.length < maxWaiting) return;
    const seconds = retrySeconds();
    throw new WhosaidError('server_busy', { running: taken, waiting: waiting.length, seconds });
  };

  const turn = ({ signal, onPosition }: AdmissionCall): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        const index = waiting.indexOf(waiter);
        waiting.splice(index, 1);
        tellPositions(index);
      };
      const giveUp = (): void => {
        leave();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        admit() {
          leave();
          resolve();
        },
        ...(onPosition && { onPosition }),
      };
      const timer = setTimeout(() => {
        leave();
        const params = { waited: maxWaitSeconds, seconds: retrySeconds() };
        reject(new WhosaidError('queue_timeout', params));
      }, maxWaitSeconds * 1000);
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.push(waiter);
      tellPositions(waiting.length - 1);
    });

  return {
    checkRoom,
    state: () => ({ running: taken, waiting: waiting.length }),
    async run(call, work) {
      call.signal.throwIfAborted();
      checkRoom();
      // A place is handed on without becoming free, so that nobody who comes in between takes it.
      if (taken < maxRunning) taken++;
      else await turn(call);
      const start = { seconds: nowSeconds() };
      startedAt.add(start);
      try {
        return await work();
      } finally {
        startedAt.delete(start);
        usualSeconds += NEWEST_WEIGHT * (nowSeconds() - start.seconds - usualSeconds);
        const next = waiting[0];
        if (next === undefined) taken--;
        else next.admit();
      }
    },
  };
}

function nowSeconds(): number {
  return performance.now() / 1000;
}
