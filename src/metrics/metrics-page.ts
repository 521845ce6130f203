import { createMetrics, type MetricAbout } from './metrics.js';
import type { MetricSources } from './sources.js';

/** docs/monitoring/metrics.md: every metric of ours, by name. */
export async function metricsPage(): Promise<string> {
  const metrics = createMetrics({ version: '' });
  metrics.watch(ONE_OF_EACH);
  const rows = (await metrics.list()).map(row);
  return `# Metrics

<!-- Made by \`npm run docs\` from src/metrics. Change it there. -->

What \`GET /metrics\` tells. [README.md](README.md) says how to scrape it and what is worth knowing of some. Values of
\`role\` are \`speech\` (recognition), \`speaker\` (who speaks), \`enhance\` (noise and music), and for memory also \`gateway\`
(the server itself) and \`decoder\`.

| metric | type | labels | meaning |
|---|---|---|---|
${rows.join('\n')}

Besides these there are prom-client's figures of the gateway's process: \`process_cpu_*\`, \`process_resident_memory_bytes\`,
\`nodejs_heap_*\`, \`nodejs_gc_duration_seconds\`, \`nodejs_eventloop_lag_*\` and the like. Those of the event loop are about
the time since the last scrape, whoever scraped.
`;
}

function row({ name, type, labels, help }: MetricAbout): string {
  const cells = [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), help];
  return `| ${cells.join(' | ')} |`;
}

/** Gauges are there when what they measure is: something of everything that is measured. */
const ONE_OF_EACH: Required<MetricSources> = {
  manager: {
    state: () => ({
      pools: [
        {
          role: 'speech',
          model: '',
          hosts: [{ role: 'speech', state: 'ready', restarts: 0, rssBytes: 0, pid: undefined }],
          queued: 0,
        },
      ],
      memory: { limitBytes: 0, usedBytes: 0 },
      devices: { onnxruntime: 'cpu', 'sherpa-onnx': 'cpu' },
    }),
  },
  decoder: { state: () => ({ working: 0, pids: [] }) },
  jobs: {
    backlog: async () => ({
      pending: 0,
      processing: 0,
      oldestPendingSeconds: 0,
      waitingChunks: 0,
    }),
  },
  requests: {
    admission: {
      state: () => ({ receiving: 0, waiting: 0, running: 0, long: { waiting: 0, running: 0 } }),
    },
    maxRunning: 0,
    maxWaiting: 0,
  },
  realtime: { state: () => ({ open: 0, limit: 0 }) },
  uploads: { temp: { usedBytes: () => 0 }, maxBytes: 0 },
};
