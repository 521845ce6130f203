import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** What Linux's /proc says about processes. */

/** The process and everything below it, parents first. */
export function processTree(rootPid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(/^PPid:\s+(\d+)/m.exec(readProc(pid, 'status') ?? '')?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)];
  return below(rootPid);
}

/** A file of a process; undefined when the process has ended. */
export function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** A field of `status` or `smaps_rollup` in bytes; 0 where it is not there. */
export function kilobytes(text: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
}

/** "node engine-host-main.js", "npm start", "sh". */
export function commandName(pid: number): string {
  const [program = '', ...rest] = (readProc(pid, 'cmdline') ?? '')
    .split('\0')
    .filter((part) => part !== '');
  const script = rest.find((part) => !part.startsWith('-'));
  return [basename(program), ...(script === undefined ? [] : [basename(script)])].join(' ');
}
