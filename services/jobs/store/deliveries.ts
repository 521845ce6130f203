import type { WebhookDelivery } from '../types.js';
import { prepareChange, prepareQuery, type Sql } from './sql.js';

type DeliveryRow = {
  readonly at: number;
  readonly attempt: number;
  readonly status: number | null;
  readonly failure: string | null;
};

/** A webhook that is to be told now. `attempt` is the number of the one to make: 1, 2, 3 … */
export type DueDelivery = { readonly id: string; readonly url: string; readonly attempt: number };

/** What webhooks were told, and are to be told. */
export type DeliveryRows = {
  of(job: number): WebhookDelivery[];
  /** Webhooks that are to be told now. */
  due(now: number, limit: number): DueDelivery[];
  /** `next` is the time of the next attempt, undefined where there is to be none. Nothing where the job is gone. */
  record(id: string, delivery: WebhookDelivery, next: number | undefined): void;
  nextAt(): number | undefined;
};

export function createDeliveryRows(sql: Sql): DeliveryRows {
  const of = prepareQuery<DeliveryRow>(
    sql,
    'SELECT at, attempt, status, failure FROM deliveries WHERE job = :job ORDER BY attempt',
  );
  const due = prepareQuery<{ id: string; url: string; made: number | null }>(
    sql,
    `SELECT id, webhook_url AS url, (SELECT max(attempt) FROM deliveries WHERE job = number) AS made
     FROM jobs WHERE delivery_due <= :now ORDER BY delivery_due LIMIT :limit`,
  );
  const insert = prepareChange(
    sql,
    `INSERT OR REPLACE INTO deliveries (job, attempt, at, status, failure)
     SELECT number, :attempt, :at, :status, :failure FROM jobs WHERE id = :id`,
  );
  const schedule = prepareChange(sql, 'UPDATE jobs SET delivery_due = :next WHERE id = :id');
  const next = prepareQuery<{ at: number }>(
    sql,
    `SELECT delivery_due AS at FROM jobs WHERE delivery_due IS NOT NULL ORDER BY delivery_due LIMIT 1`,
  );
  return {
    of: (job) => of.all({ job }).map(deliveryOf),
    due: (now, limit) =>
      due.all({ now, limit }).map(({ id, url, made }) => ({ id, url, attempt: (made ?? 0) + 1 })),
    record(id, { at, attempt, status, failure }, nextAt) {
      insert({ id, attempt, at, status: status ?? null, failure: failure ?? null });
      schedule({ id, next: nextAt ?? null });
    },
    nextAt: () => next.first()?.at,
  };
}

function deliveryOf({ at, attempt, status, failure }: DeliveryRow): WebhookDelivery {
  return {
    at,
    attempt,
    ...(status !== null && { status }),
    ...(failure !== null && { failure }),
  };
}
