import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { AudioDecoder, DecodeOptions } from '#services/audio/types.js';
import { joinSamples } from '#utils/signal/pcm.js';

export type Decoded = { readonly samples: Int16Array; readonly seconds: number };

/** Reads a recording to its end. */
export async function decodeAll(
  decoder: AudioDecoder,
  path: string,
  options?: DecodeOptions,
): Promise<Decoded> {
  const blocks: Int16Array[] = [];
  const blocksOf = decoder.decode(path, options);
  for (;;) {
    const next = await blocksOf.next();
    if (next.done) return { samples: joinSamples(blocks), seconds: next.value.seconds };
    blocks.push(next.value);
  }
}

/** Linux shows other processes as files; the tests that look at them say so where there are none. */
export const canSeeProcesses = process.platform === 'linux';

/** The decoding children of a process (this one by default), oldest first. */
export function decoderChildren(parentPid: number = process.pid): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => isDecoderChild(pid, parentPid));
}

function isDecoderChild(pid: number, parentPid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return Number(parent) === parentPid && state !== 'Z' && command.includes('decoder-child');
  } catch {
    return false;
  }
}

export function residentBytes(pid: number): number {
  const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1];
  return Number(pages) * 4096;
}

export function openHandles(): number {
  return readdirSync('/proc/self/fd').length;
}

/** Waits until something is so; gives up after `withinMs` and returns whether it is. */
export async function becomes(isSo: () => boolean, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (!isSo()) {
    if (Date.now() > end) return false;
    await pause(20);
  }
  return true;
}
