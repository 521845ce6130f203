import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { readRedisInfo } from './redis-use.js';

const CONNECTIONS = 50;
const SECONDS = 3;

/**
 * Commands a second that Redis answers to 50 connections, each of which waits for its answer before it asks again, as
 * workers do: hashes, sorted sets and streams, half of them writing. All connections are of one process, which may be
 * busier than Redis: it can do so many at the least.
 */
export async function measureRedisSpeed(url: string): Promise<number> {
  const clients = Array.from({ length: CONNECTIONS }, () => new Redis(url));
  try {
    await Promise.all(clients.map((client) => client.ping()));
    const startedAt = performance.now();
    const endAt = startedAt + SECONDS * 1000;
    const counts = await Promise.all(
      clients.map((client, number) => ask(client, { name: `speed:${number}`, endAt })),
    );
    const seconds = (performance.now() - startedAt) / 1000;
    const [client] = clients;
    await client?.flushdb();
    return counts.reduce((sum, count) => sum + count, 0) / seconds;
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function ask(
  client: Redis,
  { name, endAt }: { name: string; endAt: number },
): Promise<number> {
  let count = 0;
  while (performance.now() < endAt) {
    await client.hset(`${name}:hash`, 'audioSeconds', count);
    await client.hgetall(`${name}:hash`);
    await client.zadd(`${name}:set`, count, 'one');
    await client.zcard(`${name}:set`);
    await client.xadd(`${name}:stream`, 'MAXLEN', '~', 1000, '*', 'news', 'progress');
    await client.hget(`${name}:hash`, 'audioSeconds');
    count += 6;
  }
  return count;
}

/** Commands in so many seconds in which nothing happens. */
export async function idleCommands(client: Redis, seconds: number): Promise<number> {
  const before = readRedisInfo(await client.info());
  await sleep(seconds * 1000);
  return readRedisInfo(await client.info()).commands - before.commands;
}
