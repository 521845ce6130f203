import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import type { PeerFigures } from './figures.js';
import { peerPlots } from './plots.js';
import { reportPeers } from './report.js';

const PAGE = join(projectRoot, 'docs', 'benchmarks.md');
const IMAGES = join(projectRoot, 'docs', 'images');
const [BEGIN, END] = ['<!-- peers: begin -->', '<!-- peers: end -->'];

/** Puts the tables between the markers of docs/benchmarks.md, and the plots beside. */
export async function writeDocs(figures: PeerFigures): Promise<void> {
  const plots = peerPlots(figures);
  await mkdir(IMAGES, { recursive: true });
  for (const { file, svg } of plots) await writeFile(join(IMAGES, file), svg);
  const images = plots.map(({ file, text }) => `![${text}](images/${file})`);
  // The page has a heading of its own above.
  const tables = reportPeers(figures).replaceAll(/^##/gm, '###');
  const generated = [...images, tables].join('\n\n');
  const page = await readFile(PAGE, 'utf8');
  await writeFile(PAGE, between(page, generated));
}

/** @throws Error when the page has no markers */
function between(page: string, generated: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`docs/benchmarks.md needs ${BEGIN} and ${END}.`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${generated}\n\n${page.slice(to)}`;
}
