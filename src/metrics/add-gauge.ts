import { Gauge, type Registry } from 'prom-client';

export type GaugeSample = {
  /** The same names in every sample of a gauge. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
};

export type GaugeWithSamples = {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly GaugeSample[];
};

/** Adds a gauge that has these values once and for all. Without samples there is nothing to add. */
export function addGauge(registry: Registry, { name, help, samples }: GaugeWithSamples): void {
  const [first] = samples;
  if (first === undefined) return;
  const labelNames = Object.keys(first.labels ?? {});
  const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
  for (const { labels = {}, value } of samples) gauge.set(labels, value);
}
