const FULL_SCALE = 32_768;

/** Signed 16-bit samples as numbers from -1 to 1. */
export function fromPcm(samples: Int16Array): Float32Array {
  return Float32Array.from(samples, (value) => value / FULL_SCALE);
}

/** Numbers from -1 to 1 as signed 16-bit samples; what is beyond is cut. */
export function toPcm(samples: Float32Array): Int16Array {
  return Int16Array.from(samples, (value) =>
    Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(value * FULL_SCALE))),
  );
}
