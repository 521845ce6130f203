import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 mark the whole heap in one go when it collects. Audio lies outside of that heap, and V8 takes much of it for a
 * reason to mark in small steps, again and again: half of a gateway's processor time. One go takes 30 to 50 ms, and is
 * needed a fifth as often (docs/decisions/cost-around-the-recogniser.md). For processes that audio passes through; to be
 * called first of all.
 */
export function markHeapAtOnce(): void {
  setFlagsFromString('--no-incremental-marking');
}
