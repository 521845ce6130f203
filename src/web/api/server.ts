import { computed, signal } from '@preact/signals';
import { requestJson } from './request.js';
import type { AboutModel, Health, Model } from './types.js';

/** The server did not answer the last time it was asked. */
export const isServerGone = signal(false);

/** What the server answers to, once it is known. */
const offered = signal<readonly Model[] | undefined>(undefined);

/** Largest upload, once it is known. */
export const maxUploadBytes = signal<number | undefined>(undefined);

/** The installed models, the default one first; undefined as long as they are not known. */
export const models = computed(() => {
  const known = offered.value?.flatMap(({ id, whosaid }) =>
    whosaid !== undefined && id === whosaid.model && !whosaid.asks_for_speakers ? [whosaid] : [],
  );
  return known?.toSorted((one, other) => Number(other.default) - Number(one.default));
});

/** A model by its id in the catalogue; the default one for an empty id or one that is not installed. */
export function modelOf(id: string): AboutModel | undefined {
  return models.value?.find(({ model }) => model === id) ?? models.value?.[0];
}

/** Asks the server what it can. Rejects as `request` does. */
export async function askServer(): Promise<void> {
  const [list, health] = await Promise.all([
    requestJson<{ readonly data: readonly Model[] }>('models'),
    requestJson<Health>('health'),
  ]);
  offered.value = list.data;
  maxUploadBytes.value = health.limits.max_upload_bytes;
}
