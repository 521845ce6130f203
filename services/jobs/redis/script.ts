import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A script that Redis runs as one step: nothing happens in between, on whatever machine. */
export type Script = { readonly text: string; readonly hash: string };

/**
 * What all scripts know: names as in keys.ts, the clock of Redis (machines have clocks of their own), and how to tell what
 * happened. Numbers become text with all of their digits.
 */
const PRELUDE = `
local prefix = KEYS[1]
local function key(name) return prefix .. ':' .. name end
local function whole(number) return string.format('%.0f', number) end
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function isOpen(status) return status == 'pending' or status == 'processing' end
local function note(id, at, news)
  local seq = redis.call('HINCRBY', key('job:' .. id), 'seq', 1)
  redis.call('XADD', key('events:' .. id), seq .. '-0', 'at', whole(at), 'news', news)
end
local function say(id) redis.call('PUBLISH', key('news:' .. id), '1') end
`;

export function script(text: string): Script {
  const whole = `${PRELUDE}${text}`;
  return { text: whole, hash: createHash('sha1').update(whole).digest('hex') };
}

/** Runs a script. Redis remembers it from the first time on, until it is started anew. */
export async function run(
  { client, prefix }: { readonly client: Redis; readonly prefix: string },
  { text, hash }: Script,
  ...values: readonly (string | number)[]
): Promise<unknown> {
  try {
    return await client.evalsha(hash, 1, prefix, ...values);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return client.eval(text, 1, prefix, ...values);
  }
}
