import { readFile } from 'node:fs/promises';
import type { Registry } from 'prom-client';
import { addGauge, type GaugeSample } from './add-gauge.js';
import type { MetricSources } from './sources.js';

/** Resident memory of every process of the server, and how many decode. */
export async function addMemoryGauges(registry: Registry, sources: MetricSources): Promise<void> {
  const { working, pids } = sources.decoder.state();
  addModelMemory(registry, sources);
  addDevices(registry, sources);
  addGauge(registry, {
    name: 'whosaid_decoders_working',
    help: 'Recordings that are being decoded, each by a process of its own.',
    samples: [{ value: working }],
  });
  const decoders = await Promise.all(pids.map(residentBytes));
  addGauge(registry, {
    name: 'whosaid_memory_resident_bytes',
    help: 'Resident memory of each process, numbered within its role and model; decoders on Linux only.',
    samples: [
      sampleOf({ role: 'gateway', value: process.memoryUsage.rss() }),
      ...sources.manager.state().pools.flatMap(({ role, model, hosts }) =>
        hosts.flatMap(({ rssBytes }, index) => {
          return rssBytes === undefined ? [] : [sampleOf({ role, model, index, value: rssBytes })];
        }),
      ),
      ...decoders.flatMap((value, index) => {
        return value === undefined ? [] : [sampleOf({ role: 'decoder', index, value })];
      }),
    ],
  });
}

function addDevices(registry: Registry, { manager }: MetricSources): void {
  addGauge(registry, {
    name: 'whosaid_device',
    help: 'Always 1; the labels say where each library runs its models, once the first one is loaded.',
    samples: Object.entries(manager.state().devices ?? {}).map(([library, device]) => ({
      labels: { library, device },
      value: 1,
    })),
  });
}

function addModelMemory(registry: Registry, { manager }: MetricSources): void {
  const { memory } = manager.state();
  if (!memory) return;
  addGauge(registry, {
    name: 'whosaid_model_memory_limit_bytes',
    help: 'What the engine processes of all models may take together (MODEL_MEMORY).',
    samples: [{ value: memory.limitBytes }],
  });
  addGauge(registry, {
    name: 'whosaid_model_memory_bytes',
    help: 'What they take, with what is set aside for models that are loading.',
    samples: [{ value: memory.usedBytes }],
  });
}

type Process = { role: string; model?: string; index?: number; value: number };

function sampleOf({ role, model = '', index = 0, value }: Process): GaugeSample {
  return { labels: { role, model, index: String(index) }, value };
}

/** Undefined where the process has gone or the system does not tell. */
async function residentBytes(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
