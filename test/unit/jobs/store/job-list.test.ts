import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { JobDatabase } from '#services/jobs/store/job-database.js';
import type { JobQuery } from '#services/jobs/types.js';
import { insert, withDatabase } from './support.js';

const list = (jobs: JobDatabase, query: Partial<JobQuery> = {}) =>
  jobs.list({ owner: 'anyone', limit: 10, order: 'asc', ...query });

const idsOf = (jobs: JobDatabase, query: Partial<JobQuery> = {}) =>
  list(jobs, query).jobs.map(({ id }) => id);

/** Reads page after page; `between` runs before each further one. */
function allPages(jobs: JobDatabase, query: Partial<JobQuery>, between = () => {}): string[] {
  const ids: string[] = [];
  for (;;) {
    const after = ids.at(-1);
    const page = list(jobs, { limit: 3, ...query, ...(after !== undefined && { after }) });
    ids.push(...page.jobs.map(({ id }) => id));
    if (!page.hasMore) return ids;
    between();
  }
}

for (const order of ['asc', 'desc'] as const)
  it(`pages in order ${order} show each job once, also of one millisecond and while jobs come`, () =>
    withDatabase((jobs) => {
      const made = [5, 5, 5, 5, 6, 7, 7, 8].map((createdAt) => insert(jobs, { createdAt }).id);
      let later = 100;
      const more: string[] = [];
      const come = () => {
        later += 1;
        if (more.length < 2) more.push(insert(jobs, { createdAt: later }).id);
      };
      const expected = order === 'asc' ? () => [...made, ...more] : () => made.toReversed();
      assert.deepEqual(allPages(jobs, { order }, come), expected());
    }));

it('a page says whether there is more', () =>
  withDatabase((jobs) => {
    for (let count = 0; count < 3; count += 1) insert(jobs);
    assert.equal(list(jobs, { limit: 2 }).hasMore, true);
    assert.equal(list(jobs, { limit: 3 }).hasMore, false);
  }));

it("only the owner's jobs are listed, and only those can be a cursor", () =>
  withDatabase((jobs) => {
    const [mine, other] = [insert(jobs), insert(jobs, { owner: 'key:2' })];
    assert.deepEqual(idsOf(jobs), [mine.id]);
    for (const after of [other.id, 'none'])
      assert.throws(() => list(jobs, { after }), { key: 'cursor_unknown', params: { id: after } });
  }));

it('jobs are filtered by status, batch and times, over pages, too', () =>
  withDatabase((jobs) => {
    const made = Array.from({ length: 12 }, (_, index) =>
      insert(jobs, { createdAt: index, ...(index % 2 === 0 && { batchId: 'even' }) }),
    ).map(({ id }) => id);
    const pick = (...indices: number[]) => indices.map((index) => made[index]);
    for (const id of pick(1, 2)) jobs.begin(id ?? '', 1);
    jobs.settle(made[4] ?? '', { from: ['pending'], to: 'cancelled', at: 1 });
    assert.deepEqual(idsOf(jobs, { statuses: ['processing', 'cancelled'] }), pick(1, 2, 4));
    assert.deepEqual(idsOf(jobs, { statuses: [] }), []);
    assert.deepEqual(idsOf(jobs, { createdFrom: 3, createdTo: 5 }), pick(3, 4, 5));
    const even = { batchId: 'even', createdFrom: 1, createdTo: 10, order: 'desc' } as const;
    assert.deepEqual(allPages(jobs, even), pick(10, 8, 6, 4, 2));
    assert.deepEqual(allPages(jobs, { ...even, statuses: ['pending'], limit: 1 }), pick(10, 8, 6));
  }));

it('a cursor outside of the times that are asked for neither widens nor empties them', () =>
  withDatabase((jobs) => {
    const made = [1, 2, 3, 4].map((createdAt) => insert(jobs, { createdAt }).id);
    const [first = '', second, third, last = ''] = made;
    assert.deepEqual(idsOf(jobs, { after: first, createdFrom: 2, createdTo: 3 }), [second, third]);
    assert.deepEqual(idsOf(jobs, { after: last, createdFrom: 2, createdTo: 3, order: 'desc' }), [
      third,
      second,
    ]);
  }));

it('pending jobs of a page have the positions that they have alone', () =>
  withDatabase((jobs) => {
    const made = Array.from({ length: 20 }, (_, index) =>
      insert(jobs, { owner: index % 3 === 0 ? 'key:2' : 'anyone' }),
    );
    for (const index of [1, 5, 6, 7]) jobs.begin(made[index]?.id ?? '', 1);
    for (const order of ['asc', 'desc'] as const)
      for (const job of list(jobs, { order, limit: 5 }).jobs) assert.deepEqual(job, jobs.get(job));
  }));
