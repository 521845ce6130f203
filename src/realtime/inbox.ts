import type { WebSocket } from 'ws';

export type Message = { readonly data: Buffer; readonly isBinary: boolean };

/** While more than this waits, no more is read from the socket: the client's own machine keeps it then. */
const MAX_WAITING_BYTES = 256 * 2 ** 10;

/**
 * Hands the messages of a socket on one after the other, each when the one before is done with. The client is held up
 * while it sends more quickly than that; nothing is dropped. `handle` must not reject.
 */
export class Inbox {
  readonly #socket: WebSocket;
  readonly #handle: (message: Message) => Promise<void>;
  readonly #waiting: Message[] = [];
  #waitingBytes = 0;
  #isWorking = false;
  #isClosed = false;

  constructor(socket: WebSocket, handle: (message: Message) => Promise<void>) {
    this.#socket = socket;
    this.#handle = handle;
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#add({ data, isBinary }));
  }

  /** Nothing more is handed on; what comes is read and forgotten, so that the socket can close. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#socket.resume();
  }

  #add(message: Message): void {
    if (this.#isClosed) return;
    this.#waiting.push(message);
    this.#waitingBytes += message.data.length;
    if (this.#isWorking) this.#holdUp();
    else void this.#work();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#handle(next);
      this.#waitingBytes = Math.max(0, this.#waitingBytes - next.data.length);
      this.#holdUp();
    }
    this.#isWorking = false;
  }

  #holdUp(): void {
    const isFull = this.#waitingBytes > MAX_WAITING_BYTES && !this.#isClosed;
    if (isFull && !this.#socket.isPaused) this.#socket.pause();
    else if (!isFull && this.#socket.isPaused) this.#socket.resume();
  }
}
