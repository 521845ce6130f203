import type { Seat } from '../admission.js';
import type { RequestContext, RequestPhases } from './request-context.js';

/** The same seat, which notes in the context of its request when it waits, has its turn and is done. */
export function timedSeat(seat: Seat, context: RequestContext): Seat {
  const phases: RequestPhases = {};
  context.phases = phases;
  return {
    leave: () => seat.leave(),
    async run(call, work) {
      phases.queuedMs = performance.now();
      try {
        return await seat.run(call, (place) => {
          phases.turnMs = performance.now();
          return work(place);
        });
      } finally {
        phases.doneMs = performance.now();
      }
    },
  };
}
