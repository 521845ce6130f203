/** Strict clients reject a null where a number belongs, and JSON turns NaN and infinities into null. */
export function finite(value: number, fallback = 0): number {
  return Number.isFinite(value) ? value : fallback;
}

/** Seconds to the millisecond: times that come out of additions would else read 0.30000000000000004. */
export function seconds(value: number): number {
  return Math.round(finite(value) * 1000) / 1000;
}
