import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/**
 * Has what nobody holds any more freed now. Native objects are small to JavaScript, however much memory they hold: left
 * alone, its collector lets them pile up.
 */
export async function collectGarbage(): Promise<void> {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  // Native memory is freed after the collection, in a turn of its own.
  await setImmediate();
}
