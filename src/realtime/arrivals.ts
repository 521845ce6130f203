/** So many pieces are remembered; with pieces of 20 ms, that is a minute and a half. */
const MAX_PIECES = 4500;

/** When the sound of a session came, to tell how long an utterance takes from its last sound to its text. */
export class Arrivals {
  readonly #pieces: { readonly end: number; readonly atMs: number }[] = [];
  /** When the last sound of utterances came that are not completed yet. */
  readonly #ends = new Map<string, number>();

  /** Sound up to this second of the session is there. */
  add(end: number): void {
    this.#pieces.push({ end, atMs: performance.now() });
    if (this.#pieces.length > MAX_PIECES) this.#pieces.splice(0, MAX_PIECES / 3);
  }

  committed(utterance: string, end: number): void {
    const at = this.#pieces.findIndex((piece) => piece.end >= end);
    const { atMs } = this.#pieces[at] ?? { atMs: performance.now() };
    this.#ends.set(utterance, atMs);
    if (at > 0) this.#pieces.splice(0, at);
  }

  /** Seconds since the last sound of an utterance came; undefined if it was never committed. */
  settled(utterance: string): number | undefined {
    const atMs = this.#ends.get(utterance);
    this.#ends.delete(utterance);
    return atMs === undefined ? undefined : (performance.now() - atMs) / 1000;
  }
}
