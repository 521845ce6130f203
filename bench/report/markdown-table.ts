/** A Markdown table as lines. The first column is aligned left, the others right. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const ruler = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, ruler, ...rows].map(line).join('\n');
}
