import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { ClientCounts } from './admission/client-counts.js';
import type { Lane } from './admission/lane.js';
import { isLong, looksLong, type WorkProgress } from './admission/long-work.js';
import { Places } from './admission/places.js';
import type {
  Admission,
  AdmissionOptions,
  AdmissionState,
  Place,
  SeatCall,
} from './admission/types.js';

export type { Admission, AdmissionState, Place, Seat } from './admission/types.js';

/** Makes the admission of one server. */
export function createAdmission(options: AdmissionOptions): Admission {
  const { maxRunning, maxWaiting, maxWaitSeconds, maxPerClient = 0 } = options;
  const places = new Places({ maxRunning });
  const { short, long } = places;
  const clients = new ClientCounts({ limit: maxPerClient });
  /** A quarter of the queue, too, is kept from long ones. */
  const maxLongSeats = places.maxLong + maxWaiting - Math.floor(maxWaiting / 4);
  let tickets = 0;

  const state = (): AdmissionState => ({
    receiving: short.receiving + long.receiving,
    waiting: short.line.length + long.line.length,
    running: places.running,
    long: { waiting: long.line.length, running: long.running },
  });

  const rejectWhenFull = (lane: Lane): void => {
    const isFull = short.size + long.size >= maxRunning + maxWaiting;
    if (!isFull && (lane === short || lane.size < maxLongSeats)) return;
    const { receiving, waiting, running } = state();
    const seconds = places.retrySeconds(lane);
    throw new WhosaidError('server_busy', { receiving, waiting, running, seconds });
  };

  const turnIn = async (lane: Lane, { signal, onQueued }: SeatCall) => {
    if (places.isOpen(lane)) return lane.begin();
    const timedOut = () =>
      new WhosaidError('queue_timeout', {
        waited: maxWaitSeconds,
        seconds: places.retrySeconds(lane),
      });
    return lane.line.join({
      ticket: tickets++,
      signal,
      maxSeconds: maxWaitSeconds,
      timedOut,
      onPosition: onQueued,
    });
  };

  const runInTurn = async <Result>(
    call: SeatCall,
    work: (place: Place) => Promise<Result>,
  ): Promise<Result> => {
    let lane = places.laneOf({ isLong: looksLong(call.bytes) });
    const own = await turnIn(lane, call);
    const worked = (progress: WorkProgress): void => {
      const to = places.laneOf({ isLong: true });
      if (lane === to || !isLong(progress)) return;
      lane.hand(own, to);
      lane = to;
      places.fill();
    };
    try {
      return await work({ worked });
    } finally {
      lane.end(own);
      // A place is handed on at once, so that nobody who comes in between takes it.
      places.fill();
    }
  };

  return {
    state,
    enter({ client, bytes } = {}) {
      const lane = places.laneOf({ isLong: looksLong(bytes) });
      clients.rejectWhenFull(client, { retrySeconds: () => places.retrySeconds(lane) });
      rejectWhenFull(lane);
      const forget = clients.add(client);
      lane.receiving++;
      let isReceiving = true;
      const receive = (): void => {
        if (isReceiving) lane.receiving--;
        isReceiving = false;
      };
      return {
        leave() {
          if (isReceiving) forget();
          receive();
        },
        async run(call, work) {
          if (!isReceiving) throw new TypeError('This seat was used or given back already.');
          try {
            call.signal.throwIfAborted();
            receive();
            return await runInTurn(call, work);
          } finally {
            forget();
          }
        },
      };
    },
  };
}
