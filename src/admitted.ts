import { Pulse } from '#services/transcription/pulse.js';
import type { PipelineEvent } from '#services/transcription/types.js';
import type { Place, Seat } from './admission.js';

/** Told while a request waits for its turn. */
export type QueuedEvent = {
  readonly type: 'queued';
  /** Place in the queue, 1 is next. */
  readonly position: number;
};

export type AdmittedOptions = {
  readonly seat: Seat;
  readonly signal: AbortSignal;
  /** Size of the recording. */
  readonly bytes?: number;
  /** Begins the work; called when it is its turn. */
  readonly events: () => AsyncGenerator<PipelineEvent, void, void>;
  /** Called when it is its turn. */
  readonly onTurn?: () => void;
};

/**
 * Work that tells events, as one piece of work for the admission: it has its place from its first event until it has
 * ended, or until whoever reads the events leaves. Before its own events it tells its position in the queue, where it
 * has to wait, and whenever that changes. Throws what the seat and the work throw.
 */
export async function* admitted(
  options: AdmittedOptions,
): AsyncGenerator<PipelineEvent | QueuedEvent, void, void> {
  const { seat, signal, bytes, events, onTurn } = options;
  const leaving = new AbortController();
  const moved = new Pulse();
  const now: { position?: number | undefined; place?: Place } = {};
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let settled = Promise.resolve();
  const entered = new Promise<void>((resolve) => {
    const call = {
      // Whoever leaves while waiting gives its position up at once.
      signal: AbortSignal.any([signal, leaving.signal]),
      bytes,
      onQueued(position: number) {
        now.position = position;
        moved.happen();
      },
    };
    settled = seat.run(call, (place) => {
      now.place = place;
      resolve();
      return finished;
    });
  });
  // Whoever reads slowly hears of a refusal later than it happens.
  settled.catch(() => undefined);
  try {
    while (now.place === undefined) {
      const { position } = now;
      now.position = undefined;
      if (position !== undefined) yield { type: 'queued', position };
      // The seat settles first only where it is refused.
      else await Promise.race([entered, settled, moved.wait()]);
    }
    onTurn?.();
    for await (const event of events()) {
      if (event.type === 'progress') now.place.worked(event);
      yield event;
    }
  } finally {
    finish();
    leaving.abort();
    // A refusal was thrown above already.
    await settled.catch(() => undefined);
  }
}
