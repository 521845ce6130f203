/** The process that encodes: native code has no business in the one that answers requests. See flac-encoder.ts. */
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import type { FromFlacChild, ToFlacChild } from './protocol.js';
import { writeFlac } from './write-flac.js';

Log.setLevel(AV_LOG_QUIET);

// When to end is for the process that asked to say, which may still drain.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

process.once('disconnect', () => process.exit(0));
process.on('message', (message: ToFlacChild) => {
  try {
    writeFlac(message);
    answer({ type: 'written' });
  } catch (error) {
    answer({ type: 'failed', reason: error instanceof Error ? error.message : 'no reason given' });
  }
});

function answer(message: FromFlacChild): void {
  process.send?.(message);
}
