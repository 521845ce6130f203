import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { childrenOf } from './processes.js';

/** Watches which files below a folder the children of this process open or map. Reads /proc. */
export function watchModelFiles(folder: string): {
  /** Stops; names of the models' folders of which a file was seen open. */
  stop(): Promise<string[]>;
} {
  const seen = new Set<string>();
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      for (const path of childrenOf().flatMap(pathsOf))
        if (path.startsWith(`${folder}/`))
          seen.add(path.slice(folder.length + 1).split('/')[0] ?? '');
      await nextTurn();
    }
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      return [...seen].sort();
    },
  };
}

/** Open files of a process, and files that it has mapped into its memory. */
function pathsOf(pid: number): string[] {
  try {
    const open = readdirSync(`/proc/${pid}/fd`).map((name) =>
      linkOf(join(`/proc/${pid}/fd`, name)),
    );
    const mapped = readFileSync(`/proc/${pid}/maps`, 'utf8').match(/\/.*$/gm) ?? [];
    return [...open, ...mapped];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
