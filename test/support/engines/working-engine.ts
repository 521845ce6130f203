import { existsSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadedEngine } from '#services/model-manager/hosts/engine-child.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { FixtureOperations } from './operations.js';

export function workingEngine(): LoadedEngine<FixtureOperations> {
  const me = { pid: process.pid };
  return {
    operations: {
      who: async () => me,
      wait: async ({ ms, name, journal }, { signal }) => {
        if (journal) await appendFile(journal, `${name}\n`);
        // Works on although it was cancelled, as native code does.
        await pause(ms);
        return { ...me, wasCancelled: signal.aborted };
      },
      measure: async ({ samples }) => ({
        length: samples.length,
        sum: samples.reduce((sum, sample) => sum + sample, 0),
        heldBytes: samples.buffer.byteLength,
        echo: samples,
      }),
      die: async ({ onlyOnce }) => {
        if (onlyOnce && existsSync(onlyOnce)) return me;
        if (onlyOnce) writeFileSync(onlyOnce, '');
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => {});
      },
      failWithCatalogued: async () => {
        throw new WhosaidError('audio_too_short', { seconds: 0.05, minimum: 0.1 });
      },
      failWithAnything: async () => {
        throw new RangeError('bad tensor');
      },
      print: async ({ text }) => {
        console.log(text);
        console.error(text);
        return me;
      },
    },
    dispose: async () => {},
  };
}
