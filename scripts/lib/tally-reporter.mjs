/**
 * A reporter for Node's test runner that counts: one JSON line `{ passed, failed, skipped, failures }` at the end.
 * The counts are the runner's own (`pass 3`, `fail 0`, …), so they agree with what it prints.
 */
export default async function* tally(events) {
  const counts = {};
  const failures = [];
  for await (const { type, data } of events) {
    if (type === 'test:diagnostic' && data.nesting === 0) {
      const [, name, count] = /^(pass|fail|cancelled|skipped|todo) (\d+)$/.exec(data.message) ?? [];
      if (name !== undefined) counts[name] = Number(count);
    }
    if (type === 'test:fail' && data.details?.type !== 'suite') {
      failures.push({ file: data.file ?? '', name: data.name });
    }
  }
  const { pass = 0, fail = 0, cancelled = 0, skipped = 0 } = counts;
  yield `${JSON.stringify({ passed: pass, failed: fail + cancelled, skipped, failures })}\n`;
}
