/** When a piece of audio was recorded, by the container, and how long it is. */
export type Timing = {
  /** Undefined: the container does not say. */
  readonly startSeconds: number | undefined;
  readonly seconds: number;
  /** Where in the file it was found; negative if not known. */
  readonly bytePosition: number;
};

/** Time for which the container has no audio, as it seems. */
export type Hole = {
  readonly seconds: number;
  /** Where it would end, from the beginning of the recording. */
  readonly endSeconds: number;
  readonly decodedSeconds: number;
  /** Silence put into earlier holes. */
  readonly filledSeconds: number;
  /** Where the audio before and after it was found in the file; negative if not known. */
  readonly fromByte: number;
  readonly toByte: number;
};

export type Placed<T> = {
  readonly item: T;
  /** Silence that belongs before it. */
  readonly silenceSeconds: number;
};

export type TimelineOptions = {
  /** Timestamp at which the recording begins; undefined: the first one, whatever it is. */
  readonly startSeconds: number | undefined;
  /** Whether a hole may be one; otherwise the timestamps that show it say nothing. */
  readonly isCredible: (hole: Hole) => boolean;
};

/** Missing time below this is left out: no word is displaced by it so that anybody would see. */
const LEAST_HOLE_SECONDS = 0.2;
/**
 * A step of the timestamps below this, or below half a piece, is no lost piece but rounding, or a clock that goes a
 * little faster than the sound card's.
 */
const LEAST_STEP_SECONDS = 0.01;
/** A hole counts once this many pieces go on after it: damaged bytes can look like a piece with any timestamp. */
const CONFIRMATIONS = 3;

/**
 * Puts decoded pieces on the recording's clock: says how much silence belongs before each, so that what follows a hole
 * keeps its time. Only forward jumps count, and only what is missing against all samples so far. Pieces without
 * timestamps, or with such as go back or are not credible, follow the one before, as if nothing had been said.
 */
export class Timeline<T> {
  #decodedSeconds = 0;
  #filledSeconds = 0;
  #startSeconds: number | undefined;
  /** By how much the last timestamp was ahead of the samples, and how much of that came in steps. */
  #lead: Lead = { total: 0, missing: 0 };
  #bytePosition = -1;
  /** What came since a hole that is not decided about, and how far its first timestamp was ahead. */
  #held: Piece<T>[] = [];
  #leadAtHole: Lead = { total: 0, missing: 0 };
  readonly #isCredible: TimelineOptions['isCredible'];

  constructor({ startSeconds, isCredible }: TimelineOptions) {
    this.#startSeconds = startSeconds;
    this.#isCredible = isCredible;
  }

  /** Whether an item is held back: it is given out by a later call, or by `rest`. */
  holds(item: T): boolean {
    return this.#held.some((each) => each.item === item);
  }

  /** Yields none, one or several items, in the order in which they came. */
  *place(item: T, timing: Timing): Generator<Placed<T>> {
    if (this.#held.length > 0) {
      yield* this.#follow({ item, timing });
      return;
    }
    const lead = this.#measure(timing);
    if (lead !== undefined && this.#isHole(lead, timing)) {
      this.#held.push({ item, timing });
      this.#leadAtHole = lead;
      return;
    }
    if (lead !== undefined && lead.missing < LEAST_HOLE_SECONDS) this.#lead = lead;
    yield this.#put({ item, timing }, 0);
  }

  /** Yields what is held back at the end. */
  *rest(): Generator<Placed<T>> {
    while (this.#held.length > 0) {
      if (this.#held.length > 1) yield* this.#fill();
      else yield* this.#release(0);
    }
  }

  /** Decides about a hole by what comes after it. */
  *#follow({ item, timing }: Piece<T>): Generator<Placed<T>> {
    const last = this.#held.findLast((each) => each.timing.startSeconds !== undefined);
    if (last !== undefined && goesBack(last.timing, timing)) {
      yield* this.#release(0);
      yield* this.place(item, timing);
      return;
    }
    this.#held.push({ item, timing });
    if (this.#held.length > CONFIRMATIONS) yield* this.#fill();
  }

  /** How far a timestamp is ahead; undefined if there is none, or one that goes back. */
  #measure({ startSeconds, seconds }: Timing): Lead | undefined {
    if (startSeconds === undefined) return undefined;
    const now = this.#decodedSeconds + this.#filledSeconds;
    this.#startSeconds ??= startSeconds - now;
    const total = startSeconds - this.#startSeconds - now;
    const step = total - this.#lead.total;
    if (step <= -LEAST_HOLE_SECONDS) return undefined;
    const isStep = Math.abs(step) >= Math.max(LEAST_STEP_SECONDS, seconds / 2);
    const missing = this.#lead.missing + (isStep ? step : 0);
    return { total, missing: Math.min(Math.max(missing, 0), Math.max(total, 0)) };
  }

  #isHole(lead: Lead, { bytePosition }: Timing): boolean {
    if (lead.missing < LEAST_HOLE_SECONDS) return false;
    return this.#isCredible({
      seconds: lead.missing,
      endSeconds: this.#decodedSeconds + this.#filledSeconds + lead.missing,
      decodedSeconds: this.#decodedSeconds,
      filledSeconds: this.#filledSeconds,
      fromByte: this.#bytePosition,
      toByte: bytePosition,
    });
  }

  *#fill(): Generator<Placed<T>> {
    const { total, missing } = this.#leadAtHole;
    this.#lead = { total: total - missing, missing: 0 };
    yield* this.#release(missing);
  }

  /** Gives out the first item held back; what came after it is looked at anew. */
  *#release(silenceSeconds: number): Generator<Placed<T>> {
    const [first, ...others] = this.#held;
    this.#held = [];
    if (first) yield this.#put(first, silenceSeconds);
    for (const { item, timing } of others) yield* this.place(item, timing);
  }

  #put({ item, timing }: Piece<T>, silenceSeconds: number): Placed<T> {
    this.#filledSeconds += silenceSeconds;
    this.#decodedSeconds += timing.seconds;
    this.#bytePosition = timing.bytePosition;
    return { item, silenceSeconds };
  }
}

type Lead = { readonly total: number; readonly missing: number };

type Piece<T> = { readonly item: T; readonly timing: Timing };

function goesBack(last: Timing, { startSeconds }: Timing): boolean {
  const end = (last.startSeconds ?? 0) + last.seconds;
  return startSeconds !== undefined && startSeconds <= end - LEAST_HOLE_SECONDS;
}
