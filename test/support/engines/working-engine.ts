import { existsSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadedEngine } from '#services/model-manager/hosts/engine-child.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { FixtureOperations } from './operations.js';

export function workingEngine(): LoadedEngine<FixtureOperations> {
  const me = { pid: process.pid };
  const kept: Buffer[] = [];
  return {
    operations: {
      who: async () => me,
      wait: async ({ ms, name, journal }, { signal }) => {
        if (journal) await appendFile(journal, `${name}\n`);
        // Works on although it was cancelled, as native code does.
        await pause(ms);
        return { ...me, wasCancelled: signal.aborted };
      },
      hold: async ({ ms, bytes = 0 }) => {
        const held = Buffer.alloc(bytes, 1);
        holdThread(ms);
        return { pid: held.length === bytes ? me.pid : 0 };
      },
      steps: async ({ steps, ms }, { onProgress }) => {
        for (let step = 0; step < steps; step++) {
          holdThread(ms);
          onProgress();
          await pause(0);
        }
        return me;
      },
      grow: async ({ bytes }) => {
        kept.push(Buffer.alloc(bytes, 1));
        return me;
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

function holdThread(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}
