import { Gauge, Registry } from 'prom-client';
import type { WorkEvent } from '#services/jobs/work-event.js';
import type { EngineEvent } from '#services/model-manager/hosts/options.js';
import type { AttemptOutcome } from '#services/webhooks/dispatcher.js';
import { engineEventMetrics } from './engine-events.js';
import { jobEventMetrics } from './job-events.js';
import { processRegistry } from './process-registry.js';
import { type RealtimeEvent, realtimeEventMetrics } from './realtime-events.js';
import { snapshotOf } from './snapshot.js';
import type { MetricSources } from './sources.js';
import { type EndedTranscription, speedMetrics } from './speed.js';
import { type EndedRequest, trafficMetrics } from './traffic.js';

/** What a server counts about itself. No method throws: nobody's request fails for a figure. */
export type Metrics = {
  /** Of what `render` gives. */
  readonly contentType: string;
  /** Everything as Prometheus reads it, what the watched are at included. */
  render(): Promise<string>;
  /** Each metric of ours that `render` may tell, by name: what docs/monitoring/metrics.md is made from. */
  list(): Promise<readonly MetricAbout[]>;
  /** Names whom to ask at each scrape; until then, only what was counted is told. */
  watch(sources: MetricSources): void;
  requestEnded(request: EndedRequest): void;
  /** So many more seconds of a recording are worked through. */
  audioWorked(seconds: number): void;
  transcribed(transcription: EndedTranscription): void;
  /** The same for a part of a recording: its speed is counted, a recording is not. */
  partTranscribed(transcription: EndedTranscription): void;
  engineEvent(event: EngineEvent): void;
  workEvent(event: WorkEvent): void;
  webhookAttempt(outcome: AttemptOutcome): void;
  realtimeEvent(event: RealtimeEvent): void;
};

export type MetricAbout = {
  readonly name: string;
  /** `counter`, `gauge` or `histogram`. */
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
};

/** What is counted of jobs. */
export type JobMetrics = Pick<
  Metrics,
  'audioWorked' | 'transcribed' | 'partTranscribed' | 'workEvent' | 'webhookAttempt'
>;

/** Makes the metrics of one server, with a registry of their own. */
export function createMetrics({ version }: { readonly version: string }): Metrics {
  const registry = new Registry();
  const build = new Gauge({
    name: 'whosaid_build_info',
    help: 'Always 1; the labels say which version of whosaid runs on which version of Node.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  build.set({ version, node: process.version }, 1);
  let watched: MetricSources | undefined;
  const ours = async (): Promise<Registry[]> => {
    return watched === undefined ? [registry] : [registry, await snapshotOf(watched)];
  };
  return {
    ...trafficMetrics(registry),
    ...speedMetrics(registry),
    ...engineEventMetrics(registry),
    ...jobEventMetrics(registry),
    ...realtimeEventMetrics(registry),
    contentType: registry.contentType,
    watch(sources) {
      watched = sources;
    },
    async render() {
      return Registry.merge([...(await ours()), processRegistry()]).metrics();
    },
    async list() {
      const metrics = (await ours()).flatMap((each) => each.getMetricsAsArray());
      return metrics.map(aboutMetric).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    },
  };
}

/** The library's types leave the names of labels out. */
function aboutMetric(metric: {
  name: string;
  type: unknown;
  help: string;
  labelNames?: readonly string[];
}): MetricAbout {
  const { name, type, help, labelNames = [] } = metric;
  return { name, type: String(type), help, labels: labelNames.toSorted() };
}
