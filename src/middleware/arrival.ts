import type { Readable } from 'node:stream';
import type { Request } from 'express';
import type { Reservation } from '#services/temp/room.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Timings } from '../timings.js';

/**
 * Least average over a window. A tenth of the thinnest speech codec in use (Opus at 6 kbit/s), so a recording may come
 * while it is made, with pauses in which next to nothing is sent.
 */
const LEAST_BYTES_PER_SECOND = 75;

export type ArrivalOptions = {
  readonly request: Request;
  /** What the body is written to: while it is full, it is not the client that is slow. */
  readonly parser: { readonly writableNeedDrain: boolean };
  /** Limit of the whole body. */
  readonly maxBytes: number;
  /** Room on disk for the body. */
  readonly room: Reservation;
  /** Room in memory for its text fields. */
  readonly fieldRoom: Reservation;
  readonly timings: Pick<Timings, 'stalledUploadMs' | 'slowUploadMs'>;
  /** Ends the upload; called once at most. */
  readonly fail: (error: unknown) => void;
};

export type Arrival = {
  /** A part of the body that does not stay in memory. */
  fileStarted(file: Readable): void;
  stop(): void;
};

/**
 * Watches how much of a body arrives and how fast, and that there is room for it. Fails with `upload_too_large`,
 * `request_timeout`, or as `Reservation.filled` does.
 */
export function watchArrival(options: ArrivalOptions): Arrival {
  const { request, maxBytes, room, fieldRoom } = options;
  let received = 0;
  let inFiles = 0;
  const stop = (): void => {
    request.off('data', count);
    stopTimers();
  };
  const fail = (error: unknown): void => {
    stop();
    options.fail(error);
  };
  const count = (chunk: Buffer): void => {
    received += chunk.length;
    try {
      if (received > maxBytes) {
        throw new WhosaidError('upload_too_large', { limit: maxBytes, received });
      }
      room.filled(received);
      // A field is held before its end has come: all that is no file counts.
      fieldRoom.filled(received - inFiles);
    } catch (error) {
      fail(error);
    }
  };
  const stopTimers = watchSpeed({ ...options, fail }, () => received);
  request.on('data', count);
  return {
    stop,
    fileStarted(file) {
      file.on('data', (chunk: Buffer) => {
        inFiles += chunk.length;
      });
    },
  };
}

/** Fails with `request_timeout` when nothing comes, or so little that it is no upload any more; returns what ends that. */
function watchSpeed(options: ArrivalOptions, receivedBytes: () => number): () => void {
  const { request, parser, fail } = options;
  const { stalledUploadMs, slowUploadMs } = options.timings;
  const late = (reason: string): void => fail(new WhosaidError('request_timeout', { reason }));
  const stalled = setTimeout(() => {
    if (parser.writableNeedDrain) stalled.refresh();
    else late(`nothing of its body came for ${seconds(stalledUploadMs)}`);
  }, stalledUploadMs);
  const refresh = () => stalled.refresh();
  request.on('data', refresh);

  const leastBytes = Math.ceil((LEAST_BYTES_PER_SECOND * slowUploadMs) / 1000);
  let before = receivedBytes();
  const slow = setInterval(() => {
    const came = receivedBytes() - before;
    before += came;
    if (came >= leastBytes || parser.writableNeedDrain) return;
    late(
      `${came} bytes of its body came in ${seconds(slowUploadMs)}, expected ${leastBytes} at least`,
    );
  }, slowUploadMs);
  return () => {
    request.off('data', refresh);
    clearTimeout(stalled);
    clearInterval(slow);
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
