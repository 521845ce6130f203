import { readdir, readFile } from 'node:fs/promises';

/** Ids of all processes below one; undefined where /proc does not tell. */
export async function descendantsOf(pid: number): Promise<number[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // "pid (name) state parent …": the name may hold anything, so count from its closing bracket.
    const parent = /\) \S (\d+) /.exec(stat.slice(stat.lastIndexOf(')')));
    if (parent !== null) parents.set(Number(name), Number(parent[1]));
  }
  const found: number[] = [];
  for (let layer = [pid]; layer.length > 0; ) {
    layer = [...parents].filter(([, parent]) => layer.includes(parent)).map(([child]) => child);
    found.push(...layer);
  }
  return found;
}

/** Whether a process runs; one that has ended and waits for its parent counts as ended. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && !/^\) Z/.test(stat.slice(stat.lastIndexOf(')')));
}
