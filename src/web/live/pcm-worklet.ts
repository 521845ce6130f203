/** What is sent: samples a second, and how many at a time (a tenth of a second). */
const RATE = 24_000;
const BLOCK_SAMPLES = 2400;

/**
 * Hands over what the microphone hears as 16-bit samples at 24 kHz. Other rates become that by the mean of the samples
 * that fall on each new one, which also takes away most of what the lower rate cannot hold.
 */
class PcmProcessor extends AudioWorkletProcessor {
  readonly #step = sampleRate / RATE;
  #block = new Int16Array(BLOCK_SAMPLES);
  #filled = 0;
  #sum = 0;
  #count = 0;
  /** Samples of the source until the next one is whole. */
  #left = this.#step;

  process([input]: readonly (readonly Float32Array[])[]): boolean {
    for (const sample of input?.[0] ?? []) this.#take(sample);
    return true;
  }

  #take(sample: number): void {
    this.#sum += sample;
    this.#count += 1;
    this.#left -= 1;
    while (this.#left <= 0) {
      this.#put(this.#sum / this.#count);
      this.#left += this.#step;
      // A lower rate than ours repeats its samples.
      if (this.#left > 0) {
        this.#sum = 0;
        this.#count = 0;
      }
    }
  }

  #put(sample: number): void {
    this.#block[this.#filled] = Math.max(-1, Math.min(1, sample)) * 0x7fff;
    this.#filled += 1;
    if (this.#filled < BLOCK_SAMPLES) return;
    const { buffer } = this.#block;
    this.port.postMessage(buffer, [buffer]);
    this.#block = new Int16Array(BLOCK_SAMPLES);
    this.#filled = 0;
  }
}

registerProcessor('pcm', PcmProcessor);
