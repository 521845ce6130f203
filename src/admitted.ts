import type { Seat } from './admission.js';

export type AdmittedOptions<Event> = {
  readonly seat: Seat;
  readonly signal: AbortSignal;
  /** Begins the work; called when it is its turn. */
  readonly events: () => AsyncGenerator<Event, void, void>;
  /** Called when it is its turn. */
  readonly onTurn?: () => void;
};

/**
 * Work that tells events, as one piece of work for the admission: it has its place from its first event until it has
 * ended, or until whoever reads the events leaves. Throws what the seat and the work throw.
 */
export async function* admitted<Event>(
  options: AdmittedOptions<Event>,
): AsyncGenerator<Event, void, void> {
  const { seat, signal, events, onTurn } = options;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let place = Promise.resolve();
  const entered = new Promise<void>((resolve) => {
    place = seat.run({ signal }, () => {
      resolve();
      return finished;
    });
  });
  try {
    // The place settles first only where it is refused.
    await Promise.race([entered, place]);
    onTurn?.();
    yield* events();
  } finally {
    finish();
    // A refusal was thrown above already.
    await place.catch(() => undefined);
  }
}
