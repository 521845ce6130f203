/** `node dist/test/support/hostile/main.js FOLDER [SEED]`: writes the hostile corpus there, a folder for each family. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostileCorpus } from './corpus.js';

const [target, seed = '1'] = process.argv.slice(2);
if (target === undefined) {
  console.error('Usage: node dist/test/support/hostile/main.js FOLDER [SEED]');
  process.exit(1);
}
const folder = await mkdtemp(join(tmpdir(), 'whosaid-corpus-'));
const canary = { path: join(target, 'canary.wav'), port: 9 };
const counts: Record<string, number> = {};
for await (const { family, name, bytes } of hostileCorpus({ folder, canary, seed: Number(seed) })) {
  const number = (counts[family] ?? 0) + 1;
  counts[family] = number;
  await mkdir(join(target, family), { recursive: true });
  const fileName = `${String(number).padStart(4, '0')} ${name.replaceAll(/[^\w ,.+-]/g, '-').slice(0, 150)}`;
  await writeFile(join(target, family, fileName), bytes);
}
await rm(folder, { recursive: true });
console.table(counts);
