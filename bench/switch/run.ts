import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '#config/settings.js';
import type { SpeechService } from '#services/asr/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import { type Bar, barTable } from '../report/bars.js';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import { median } from '../report/statistics.js';

export type SwitchOptions = {
  /** Ids of two installed recognisers. */
  readonly models: readonly string[];
  /** Switches from one to the other. */
  readonly switches: number;
};

/** Noise of a second: what it says does not matter, and it is short. */
const CLIP = Int16Array.from({ length: 16_000 }, (_, at) => ((at * 7919) % 2001) - 1000);
/** Processes tell their memory this often. */
const MEMORY_PAUSE_MS = 3000;
/** Switches after which memory is taken as what it should stay at. */
const FIRST = 10;

/** Measures what a switch of models adds to a request with both in memory, and memory after many. */
export async function runSwitchBench({ models, switches }: SwitchOptions): Promise<void> {
  const environment = describeEnvironment();
  const settings = { ...loadSettings(), asrHosts: 1 };
  const runtime = createRuntime({ settings, logger: silentLogger });
  try {
    const services = models.map((model) => runtime.manager.speech(model));
    for (const service of services) await timeOf(service);
    // One model's requests take ten times as long as the other's: only what a switch adds to its own is alike.
    const added: number[] = [];
    let first = 0;
    for (let count = 1; count <= switches; count++) {
      for (const service of services) {
        const switched = await timeOf(service);
        added.push(switched - (await timeOf(service)));
      }
      if (count === FIRST) first = await residentBytes(runtime);
    }
    const last = await residentBytes(runtime);
    note(
      `switch: ${(first / 1e6).toFixed(0)} MB after ${FIRST}, ${(last / 1e6).toFixed(0)} MB after ${switches}`,
    );
    const bars: Bar[] = [
      {
        what: 'added to a request by a switch, both in memory (median)',
        value: median(added),
        limit: { atMost: 50 },
        unit: ' ms',
      },
      {
        what: `memory after ${switches} switches, against that after ${FIRST}`,
        value: last / first,
        limit: { atMost: 1.05 },
        digits: 3,
      },
    ];
    process.stdout.write(`## Switching models\n\n${environment}\n\n${barTable(bars)}\n`);
  } finally {
    await runtime.dispose();
  }
}

async function timeOf(service: SpeechService): Promise<number> {
  const beganMs = performance.now();
  await service.recognise([{ samples: CLIP }], {});
  return performance.now() - beganMs;
}

async function residentBytes({ manager }: Runtime): Promise<number> {
  await pause(MEMORY_PAUSE_MS);
  return manager.state().hosts.reduce((sum, { rssBytes = 0 }) => sum + rssBytes, 0);
}
