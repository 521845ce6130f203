import type { GoodFile, HostileFile } from './hostile-file.js';

/** Two whole files in one: which is it? */
export function* glued(files: readonly GoodFile[]): Generator<HostileFile> {
  for (const [i, first] of files.entries()) {
    for (const step of [1, 5, 11]) {
      const second = files[(i + step) % files.length] as GoodFile;
      const bytes = Buffer.concat([first.bytes, second.bytes]);
      yield { family: 'glued', name: `${first.name} and then ${second.name}`, bytes };
    }
  }
}
