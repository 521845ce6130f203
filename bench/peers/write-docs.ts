import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { writePageSection } from '../report/page-section.js';
import type { PeerFigures } from './figures.js';
import { peerPlots } from './plots.js';
import { reportPeers } from './report.js';

const IMAGES = join(projectRoot, 'docs', 'images');

/** Puts the tables between the markers of docs/benchmarks.md, and the plots beside. */
export async function writeDocs(figures: PeerFigures): Promise<void> {
  const plots = peerPlots(figures);
  await mkdir(IMAGES, { recursive: true });
  for (const { file, svg } of plots) await writeFile(join(IMAGES, file), svg);
  const images = plots.map(({ file, text }) => `![${text}](images/${file})`);
  // The page has a heading of its own above.
  const tables = reportPeers(figures).replaceAll(/^##/gm, '###');
  const generated = [...images, tables].join('\n\n');
  await writePageSection({ page: 'benchmarks.md', marker: 'peers', text: generated });
}
