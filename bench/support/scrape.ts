/** Seconds of audio worked through since the server started: a counter that grows while recordings are worked on. */
export const AUDIO_SECONDS = 'whosaid_audio_seconds_total';
export const HEAP_BYTES = 'nodejs_heap_size_used_bytes';

const SCRAPE_TIMEOUT_MS = 5000;

/** Figures of a server without labels, by name, from its /metrics. Rejects when it does not answer within five seconds. */
export async function scrape(url: string): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${url}/metrics`, {
    signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`/metrics answered with ${response.status}.`);
  return readFigures(body);
}

/** Figures without labels of a text in Prometheus's format. */
export function readFigures(exposition: string): ReadonlyMap<string, number> {
  return new Map(
    exposition.split('\n').flatMap((line): [string, number][] => {
      const [name, value, ...more] = line.split(' ');
      const isFigure = name && value !== undefined && more.length === 0 && !/[#{]/.test(name);
      return isFigure ? [[name, Number(value)]] : [];
    }),
  );
}
