import { munkres } from 'munkres';

/** A chosen cell of a cost matrix. */
export type Assignment = { readonly row: number; readonly column: number };

/**
 * The cheapest way to give each row a column of its own, and each column a row of its own, by the Hungarian algorithm.
 * In a matrix that is not square, as many as possible are given; rows or columns are left over.
 */
export function cheapestAssignment(costs: readonly (readonly number[])[]): Assignment[] {
  return munkres(costs).map(([row, column]) => ({ row, column }));
}
