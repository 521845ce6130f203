import type { Admission } from './admission.js';

export type AdmittedOptions<Event> = {
  readonly admission: Admission;
  readonly signal: AbortSignal;
  /** Begins the work; called when it is its turn. */
  readonly events: () => AsyncGenerator<Event, void, void>;
};

/**
 * Work that tells events, as one piece of work for the admission: it has its place from its first event until it has
 * ended, or until whoever reads the events leaves. Throws what the admission and the work throw.
 */
export async function* admitted<Event>(
  options: AdmittedOptions<Event>,
): AsyncGenerator<Event, void, void> {
  const { admission, signal, events } = options;
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let place = Promise.resolve();
  const entered = new Promise<void>((resolve) => {
    place = admission.run({ signal }, () => {
      resolve();
      return finished;
    });
  });
  try {
    // The place settles first only where it is refused.
    await Promise.race([entered, place]);
    yield* events();
  } finally {
    finish();
    // A refusal was thrown above already.
    await place.catch(() => undefined);
  }
}
