/**
 * Puts a part of what was there before back under what is left of it: noise at a distance does less harm to recognition
 * than the marks that its removal leaves in speech (docs/decisions/enhancement.md).
 *
 * @param share Of the original, 0 to 1.
 */
export function mixBack(
  { enhanced, original }: { readonly enhanced: Float32Array; readonly original: Float32Array },
  share: number,
): Float32Array {
  return enhanced.map((value, at) => value + share * ((original[at] as number) - value));
}
