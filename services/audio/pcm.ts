export { SAMPLE_RATE } from '#utils/signal/pcm.js';
export const BYTES_PER_SAMPLE = 2;

/** OpenAI's lower limit of one recording. */
export const MINIMUM_SECONDS = 0.1;
