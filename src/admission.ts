import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** Who is let in to be transcribed, and when: a bounded number at once, and a bounded number that waits or uploads. */
export type Admission = {
  /** Takes a seat for a request whose body is still to come. Throws `server_busy` when all are taken. */
  enter(): Seat;
  /** How many requests are received, wait and are worked on. */
  state(): AdmissionState;
};

export type AdmissionState = {
  readonly receiving: number;
  readonly waiting: number;
  readonly running: number;
};

/** Room for one request, from before its body is read: whoever has a seat finds room in the queue. */
export type Seat = {
  /**
   * Runs `work` when it is its turn: first come, first served. The seat is free again when the work has settled. To be
   * called once. Rejects with `queue_timeout`, with `signal.reason` when aborted while it waits, and as `work` does.
   */
  run<Result>(call: { readonly signal: AbortSignal }, work: () => Promise<Result>): Promise<Result>;
  /** Gives a seat back that was not used. Does nothing to work that waits or runs. Idempotent. */
  leave(): void;
};

export type AdmissionOptions = {
  /** Requests that are worked on at the same time, at least 1. */
  readonly maxRunning: number;
  /** Requests that may wait or upload besides; 0 turns away whoever would have to wait. */
  readonly maxWaiting: number;
  /** Longest wait. */
  readonly maxWaitSeconds: number;
};

type Waiter = { readonly admit: () => void };

/** What a request is taken to last before any has ended. */
const FIRST_GUESS_SECONDS = 5;
/** Weight of the last request in the moving average of how long they take. */
const NEWEST_WEIGHT = 0.2;
/**
 * OpenAI's SDKs wait as long as they are told to up to a minute, in some versions less than it; above, they come back
 * after a second or not at all.
 */
const MAX_RETRY_SECONDS = 59;

export function createAdmission(options: AdmissionOptions): Admission {
  const { maxRunning, maxWaiting, maxWaitSeconds } = options;
  const waiting: Waiter[] = [];
  /** Start times of what is worked on, in seconds. A place that is handed on has none for a moment. */
  const startedAt = new Set<{ readonly seconds: number }>();
  let receiving = 0;
  let running = 0;
  let usualSeconds = FIRST_GUESS_SECONDS;

  /** When a place should be free for one who came now: those who are here already take their turns before. */
  const retrySeconds = (): number => {
    // Long recordings show before they end: by their age.
    const ages = [...startedAt].map(({ seconds }) => nowSeconds() - seconds);
    const meanAge = ages.reduce((sum, age) => sum + age, 0) / Math.max(1, ages.length);
    const turns = (receiving + waiting.length + 1) / maxRunning;
    const seconds = Math.ceil(Math.max(usualSeconds, meanAge) * turns);
    return Math.min(MAX_RETRY_SECONDS, Math.max(1, seconds));
  };
  const state = (): AdmissionState => ({ receiving, waiting: waiting.length, running });

  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        waiting.splice(waiting.indexOf(waiter), 1);
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
      };
      const timer = setTimeout(() => {
        leave();
        const params = { waited: maxWaitSeconds, seconds: retrySeconds() };
        reject(new WhosaidError('queue_timeout', params));
      }, maxWaitSeconds * 1000);
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.push(waiter);
    });

  const runInTurn = async <Result>(
    signal: AbortSignal,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    // A place is handed on without becoming free, so that nobody who comes in between takes it.
    if (running < maxRunning) running++;
    else await turn(signal);
    const start = { seconds: nowSeconds() };
    startedAt.add(start);
    try {
      return await work();
    } finally {
      startedAt.delete(start);
      usualSeconds += NEWEST_WEIGHT * (nowSeconds() - start.seconds - usualSeconds);
      const next = waiting[0];
      if (next === undefined) running--;
      else next.admit();
    }
  };

  return {
    state,
    enter() {
      if (receiving + waiting.length + running >= maxRunning + maxWaiting) {
        throw new WhosaidError('server_busy', { ...state(), seconds: retrySeconds() });
      }
      receiving++;
      let isReceiving = true;
      const leave = (): void => {
        if (isReceiving) receiving--;
        isReceiving = false;
      };
      return {
        leave,
        async run({ signal }, work) {
          signal.throwIfAborted();
          if (!isReceiving) throw new TypeError('This seat was used or given back already.');
          leave();
          return runInTurn(signal, work);
        },
      };
    },
  };
}

function nowSeconds(): number {
  return performance.now() / 1000;
}
