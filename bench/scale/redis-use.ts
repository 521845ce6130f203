import type { RedisUse } from './figures.js';

/** What Redis says of itself (INFO), as counts since its start. */
export function readRedisInfo(info: string): RedisUse {
  const lines = new Map(
    info.split(/\r?\n/).flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
  const number = (name: string): number => Number(lines.get(name) ?? 0);
  const byName = [...lines].flatMap(([name, value]): [string, number][] => {
    const command = /^cmdstat_(.+)$/.exec(name)?.[1];
    return command === undefined ? [] : [[command, Number(/calls=(\d+)/.exec(value)?.[1] ?? 0)]];
  });
  return {
    commands: number('total_commands_processed'),
    bytesIn: number('total_net_input_bytes'),
    bytesOut: number('total_net_output_bytes'),
    cpuSeconds: number('used_cpu_sys') + number('used_cpu_user'),
    byName: Object.fromEntries(byName),
  };
}

/** What was asked of it from one moment to a later one. */
export function redisUseBetween(before: RedisUse, after: RedisUse): RedisUse {
  const byName = Object.entries(after.byName)
    .map(([name, calls]): [string, number] => [name, calls - (before.byName[name] ?? 0)])
    .filter(([, calls]) => calls > 0)
    .sort(([, one], [, other]) => other - one);
  return {
    commands: after.commands - before.commands,
    bytesIn: after.bytesIn - before.bytesIn,
    bytesOut: after.bytesOut - before.bytesOut,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    byName: Object.fromEntries(byName),
  };
}
