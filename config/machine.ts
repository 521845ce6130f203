import { availableParallelism, totalmem } from 'node:os';
import { readCgroupLimits } from './cgroup.js';

/** What this process may use of the machine it runs on, the limits of its container included. */
export type Machine = {
  /** Whole processors, at least 1. */
  readonly cores: number;
  readonly memoryBytes: number;
};

/** More processes than this were never measured to help: decoding and the gateway want processors as well. */
const MOST_HOSTS = 4;
/** So many, or one for each processor, are started whatever the memory: the default models are small. */
const USUAL_HOSTS = 2;
/** A process of the default recogniser takes up to 0.7 GB at work. */
const HOST_BYTES = 1e9;

/** @param root Where `proc` and `sys` are. */
export function readMachine(root?: string): Machine {
  const { cores = Number.POSITIVE_INFINITY, memoryBytes = Number.POSITIVE_INFINITY } =
    readCgroupLimits(root);
  return {
    // The rest of a share is left to the gateway.
    cores: Math.max(1, Math.min(availableParallelism(), Math.floor(cores))),
    memoryBytes: Math.min(totalmem(), memoryBytes),
  };
}

/**
 * Engine processes of a kind where nobody sets how many: one for each processor up to two, up to four where half of the
 * memory has room for them.
 */
export function usualHosts({ cores, memoryBytes }: Machine): number {
  const roomy = Math.min(MOST_HOSTS, Math.floor(memoryBytes / 2 / HOST_BYTES));
  return Math.min(cores, Math.max(USUAL_HOSTS, roomy));
}
