import { script } from './script.js';

/**
 * Takes the webhooks that are to be told, and puts them off for as long as an attempt may take: of several gateways, one
 * tells each. Values: milliseconds from now, how many at most, milliseconds. Returns id, address and attempt of each, one after another.
 */
export const TAKE_DUE = script(`
local at = now() + tonumber(ARGV[1])
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('webhooks'), '-inf', whole(at), 'LIMIT', 0, ARGV[2])) do
  local url = redis.call('HGET', key('job:' .. id), 'webhookUrl')
  if url then
    redis.call('ZADD', key('webhooks'), whole(at + tonumber(ARGV[3])), id)
    taken[#taken + 1] = id
    taken[#taken + 1] = url
    taken[#taken + 1] = whole(redis.call('LLEN', key('deliveries:' .. id)) + 1)
  else
    redis.call('ZREM', key('webhooks'), id)
  end
end
return taken
`);

/** Notes an attempt. Values: id, the attempt, milliseconds from now to the next one or nothing. */
export const RECORD_DELIVERY = script(`
local id = ARGV[1]
if redis.call('EXISTS', key('job:' .. id)) == 0 then return 0 end
redis.call('RPUSH', key('deliveries:' .. id), ARGV[2])
if ARGV[3] == '' then redis.call('ZREM', key('webhooks'), id)
else redis.call('ZADD', key('webhooks'), whole(now() + tonumber(ARGV[3])), id) end
return 1
`);

/** Milliseconds from now to the moment at which a webhook is to be told next, or nothing. */
export const NEXT_DUE = script(`
local first = redis.call('ZRANGE', key('webhooks'), 0, 0, 'WITHSCORES')
if not first[2] then return '' end
return whole(tonumber(first[2]) - now())
`);
