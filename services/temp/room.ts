import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** Uploads end at any moment; what is asked for earlier than this is mostly refused again. */
const RETRY_SECONDS = 15;

export type RoomOptions = {
  /** What all who are inside may take together. */
  readonly limitBytes: number;
};

/** A number of bytes of something that many share: of a disk, of memory. It is counted here, and nowhere else. */
export type Room = {
  readonly limitBytes: number;
  /** What is reserved now. */
  usedBytes(): number;
  /** What is reserved for bytes that have not come yet. */
  outstandingBytes(): number;
  /**
   * Reserves as many bytes, none by default. Throws `upload_never_fits` when that is more than the whole room, and
   * `uploads_full` when others have taken too much of it.
   */
  reserve(bytes?: number): Reservation;
};

/** Somebody's share of a room, until it is released. */
export type Reservation = {
  readonly bytes: number;
  /**
   * So many bytes are there, of those that were reserved: says so, and reserves more where they are more. Throws as
   * `reserve`; what was reserved before stays so.
   */
  filled(bytes: number): void;
  /** Gives it back. Idempotent; nothing can be reserved through it any more. */
  release(): void;
};

export function createRoom({ limitBytes }: RoomOptions): Room {
  let usedBytes = 0;
  let filledBytes = 0;

  const take = (bytes: number, held: number): void => {
    if (held + bytes > limitBytes) {
      throw new WhosaidError('upload_never_fits', { received: held + bytes, limit: limitBytes });
    }
    if (usedBytes + bytes > limitBytes) {
      const params = { used: usedBytes, limit: limitBytes, seconds: RETRY_SECONDS };
      throw new WhosaidError('uploads_full', params);
    }
    usedBytes += bytes;
  };

  const reserve = (declaredBytes = 0): Reservation => {
    take(declaredBytes, 0);
    let bytes = declaredBytes;
    let filled = 0;
    let isReleased = false;
    return {
      get bytes() {
        return bytes;
      },
      filled(count) {
        if (isReleased) return;
        if (count > bytes) {
          take(count - bytes, bytes);
          bytes = count;
        }
        filledBytes += count - filled;
        filled = count;
      },
      release() {
        if (isReleased) return;
        isReleased = true;
        usedBytes -= bytes;
        filledBytes -= filled;
      },
    };
  };

  return {
    limitBytes,
    usedBytes: () => usedBytes,
    outstandingBytes: () => usedBytes - filledBytes,
    reserve,
  };
}
