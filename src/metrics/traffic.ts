import { Counter, Histogram, type Registry } from 'prom-client';

/** A request whose response has ended or whose client has left. */
export type EndedRequest = {
  /** Pattern that matched, as the access log has it; never the URL, which is the user's text. */
  readonly route: string;
  readonly method: string;
  /** 499 where the client left before it had its answer. */
  readonly status: number;
  /** Catalogue key of the error that was answered. A stream may end with one and still have the status 200. */
  readonly errorKey?: string | undefined;
  /** From the first header to the end. */
  readonly seconds: number;
};

/** Node's parser knows dozens of methods, and each would be a series of its own in every route. */
const KNOWN_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** From a page of text to a recording of many hours, in seconds. */
const DURATION_BUCKETS = [
  0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400,
];

/** Requests, how long they take, and the errors that are answered. */
export function trafficMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['method', 'route', 'status'] as const;
  const requests = new Counter({
    name: 'whosaid_requests_total',
    help: 'Requests that have ended, by method, route and status (499: the client left).',
    labelNames,
    registers,
  });
  const durations = new Histogram({
    name: 'whosaid_request_duration_seconds',
    help: 'Time from the first header of a request to the end of its response.',
    labelNames,
    buckets: DURATION_BUCKETS,
    registers,
  });
  const errors = new Counter({
    name: 'whosaid_errors_total',
    help: 'Errors answered, by the key of docs/errors.md; also those that end a stream.',
    labelNames: ['error'],
    registers,
  });
  return {
    requestEnded({ route, method, status, errorKey, seconds }: EndedRequest): void {
      const known = KNOWN_METHODS.has(method) ? method : 'other';
      const labels = { method: known, route, status: String(status) };
      requests.inc(labels);
      durations.observe(labels, seconds);
      if (errorKey !== undefined) errors.inc({ error: errorKey });
    },
  };
}
