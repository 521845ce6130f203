import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';

/**
 * Replaces what stands between the two markers of this name in a page of docs/.
 *
 * @throws Error when the page has no such markers
 */
export async function writePageSection({
  page,
  marker,
  text,
}: {
  /** Name of the file in docs/. */
  page: string;
  marker: string;
  text: string;
}): Promise<void> {
  const path = join(projectRoot, 'docs', page);
  const [begin, end] = [`<!-- ${marker}: begin -->`, `<!-- ${marker}: end -->`];
  const before = await readFile(path, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`docs/${page} needs ${begin} and ${end}.`);
  const kept = [before.slice(0, from + begin.length), before.slice(to)];
  await writeFile(path, kept.join(`\n\n${text}\n\n`));
}
