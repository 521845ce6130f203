import type { Registry } from 'prom-client';
import { addGauge } from './add-gauge.js';
import type { MetricSources } from './sources.js';

/** Room that uploads take in TEMP_DIR. */
export function addDiskGauges(registry: Registry, { uploads }: MetricSources): void {
  if (uploads === undefined) return;
  addGauge(registry, {
    name: 'whosaid_temp_used_bytes',
    help: 'Bytes in TEMP_DIR that uploads have taken or reserved.',
    samples: [{ value: uploads.temp.usedBytes() }],
  });
  addGauge(registry, {
    name: 'whosaid_temp_limit_bytes',
    help: 'MAX_TEMP_BYTES.',
    samples: [{ value: uploads.maxBytes }],
  });
}
