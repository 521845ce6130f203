/** A part of a file as streams take it: the last byte is included. Nothing for the whole file. */
export function rangeOf({
  offset = 0,
  bytes = Number.POSITIVE_INFINITY,
}: {
  readonly offset?: number;
  readonly bytes?: number;
}): { start: number; end?: number } {
  return bytes === Number.POSITIVE_INFINITY
    ? { start: offset }
    : { start: offset, end: offset + bytes - 1 };
}
