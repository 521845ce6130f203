import { script } from './script.js';

/** A kept transcript is wanted. Values: its key. Returns 0 where it is not known. */
export const USE_RESULT = script(`
if not redis.call('ZSCORE', key('results'), ARGV[1]) then return 0 end
redis.call('ZADD', key('results'), whole(redis.call('INCR', key('resultsUsed'))), ARGV[1])
return 1
`);

/**
 * A transcript is kept. Values: its key, its bytes, the room for all, the job that it is of or nothing. Returns the keys of
 * those whose files are to go: used least recently, they make room; or itself, where its job was removed meanwhile.
 */
export const KEEP_RESULT = script(`
local name, bytes, room, id = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
local function drop(each)
  redis.call('ZREM', key('results'), each)
  local held = tonumber(redis.call('HGET', key('resultBytes'), each) or '0')
  redis.call('HDEL', key('resultBytes'), each)
  return redis.call('DECRBY', key('resultsHold'), whole(held))
end
local hold = drop(name)
if id ~= '' and redis.call('EXISTS', key('job:' .. id)) == 0 then return {name} end
redis.call('ZADD', key('results'), whole(redis.call('INCR', key('resultsUsed'))), name)
redis.call('HSET', key('resultBytes'), name, whole(bytes))
hold = redis.call('INCRBY', key('resultsHold'), whole(bytes))
local gone = {}
while hold > room do
  local oldest = redis.call('ZRANGE', key('results'), 0, 0)[1]
  if not oldest then break end
  hold = drop(oldest)
  gone[#gone + 1] = oldest
end
return gone
`);

/** None is known any more. Returns how many there were. */
export const FORGET_RESULTS = script(`
local count = redis.call('ZCARD', key('results'))
redis.call('DEL', key('results'), key('resultBytes'), key('resultsHold'), key('resultsUsed'))
return count
`);
