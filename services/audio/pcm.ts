/** The one form of audio behind the decoder: 16 kHz, mono, signed 16-bit. */
export const SAMPLE_RATE = 16_000;
export const BYTES_PER_SAMPLE = 2;

/** OpenAI's lower limit of one recording. */
export const MINIMUM_SECONDS = 0.1;
