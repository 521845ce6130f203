import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import process from 'node:process';

/**
 * Which process a temporary folder belongs to. The start time tells it from a later process with the same id; the
 * host tells it from one in another container or on another machine that shares the folder.
 */
export type Owner = {
  readonly host: string;
  readonly pid: number;
  /** An opaque mark of the process's start; `0` where the system tells none. */
  readonly started: string;
};

const PREFIX = 'whosaid-';
const PATTERN = /^whosaid-([0-9a-f]{8})-(\d+)-(\d+)-[0-9a-f]{32}$/;

export async function currentOwner(): Promise<Owner> {
  return { host: hostMark(), pid: process.pid, started: await startMark(process.pid) };
}

/** The folder's name carries its owner, so that a later process can tell what was left behind. */
export function folderName(owner: Owner, random: string): string {
  return `${PREFIX}${owner.host}-${owner.pid}-${owner.started}-${random}`;
}

/** Undefined for every name we did not make. */
export function ownerOf(name: string): Owner | undefined {
  const [, host, pid, started] = PATTERN.exec(name) ?? [];
  if (host === undefined || pid === undefined || started === undefined) return undefined;
  return { host, pid: Number(pid), started };
}

/** True while in doubt: a folder of somebody who lives must not be touched. */
export async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostMark()) return true;
  if (!processExists(owner.pid)) return false;
  const mark = await startMark(owner.pid);
  return mark === owner.started || mark === '0' || owner.started === '0';
}

function hostMark(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be signalled, but it exists.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Linux tells when a process started (clock ticks after boot); elsewhere the process id alone has to do. */
async function startMark(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces; start time is field 22.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return /^\d+$/.test(fields[19] ?? '') ? (fields[19] as string) : '0';
  } catch {
    return '0';
  }
}
