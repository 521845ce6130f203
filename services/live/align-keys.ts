/**
 * Finds what was told again in the beginning of a text that is told now, by the fewest changes of words (edit
 * distance); where several are as good, the one that is nearest to as many words.
 *
 * @returns For each word that was told its place in the text, -1 for those that are not in it; and `next`, the first
 * place behind all that was told.
 */
export function alignKeys(
  told: readonly string[],
  text: readonly string[],
): { readonly places: readonly number[]; readonly next: number } {
  const width = text.length + 1;
  const costs = new Uint16Array((told.length + 1) * width);
  const cost = (row: number, column: number) => costs[row * width + column] as number;
  const change = (row: number, column: number) => (told[row - 1] === text[column - 1] ? 0 : 1);
  for (let row = 0; row <= told.length; row++) {
    for (let column = 0; column < width; column++) {
      const ways = [
        ...(row > 0 && column > 0 ? [cost(row - 1, column - 1) + change(row, column)] : []),
        ...(row > 0 ? [cost(row - 1, column) + 1] : []),
        ...(column > 0 ? [cost(row, column - 1) + 1] : []),
      ];
      costs[row * width + column] = row + column === 0 ? 0 : Math.min(...ways);
    }
  }
  const distance = (column: number) => Math.abs(column - told.length);
  let next = 0;
  for (let column = 1; column < width; column++) {
    const better = cost(told.length, column) - cost(told.length, next);
    if (better < 0 || (better === 0 && distance(column) < distance(next))) next = column;
  }
  const places = new Array<number>(told.length).fill(-1);
  for (let row = told.length, column = next; row > 0; ) {
    if (column > 0 && cost(row, column) === cost(row - 1, column - 1) + change(row, column)) {
      row -= 1;
      column -= 1;
      places[row] = column;
    } else if (cost(row, column) === cost(row - 1, column) + 1) row -= 1;
    else column -= 1;
  }
  return { places, next };
}
