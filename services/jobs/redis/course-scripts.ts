import { script } from './script.js';
import { TURNS } from './turns.js';

/** A job moves to another of the sets that are kept by status, and to its end, in the words of scripts. */
const MOVE = `${TURNS}
local function move(id, status, at)
  local job = key('job:' .. id)
  local before = redis.call('HGET', job, 'status')
  redis.call('HSET', job, 'status', status)
  redis.call('ZREM', key('pending'), id)
  redis.call('ZREM', key('processing'), id)
  if isOpen(status) then
    redis.call('ZADD', key(status), redis.call('HGET', job, 'createdAt'), id)
    if status == 'processing' then redis.call('HSETNX', job, 'startedAt', whole(at)) end
    return
  end
  redis.call('HSET', job, 'endedAt', whole(at))
  redis.call('ZADD', key('ended'), whole(at), id)
  redis.call('DEL', key('starts:' .. id), key('progress:' .. id))
  if isOpen(before) then
    redis.call('DECRBY', key('bytes'), redis.call('HGET', job, 'bytes'))
    leave(redis.call('HGET', job, 'owner'))
  end
  if redis.call('HEXISTS', job, 'webhookUrl') == 1 then
    redis.call('ZADD', key('webhooks'), whole(at), id)
    redis.call('PUBLISH', key('due'), id)
  end
end
`;

/**
 * Changes the status where it is one of some, and tells it. Values: id, these statuses between spaces, the new one, the
 * event, the error or nothing, 1 where the transcript is one that was kept. Returns when it was made, begun and ended, or 0
 * where nothing was changed.
 */
export const SETTLE = script(`${MOVE}
local id = ARGV[1]
local status = redis.call('HGET', key('job:' .. id), 'status')
if not status or not string.find(ARGV[2], ' ' .. status .. ' ', 1, true) then return 0 end
local at = now()
move(id, ARGV[3], at)
if ARGV[5] ~= '' then redis.call('HSET', key('job:' .. id), 'error', ARGV[5]) end
if ARGV[6] == '1' then redis.call('HSET', key('job:' .. id), 'fromCache', '1') end
note(id, at, ARGV[4])
say(id)
if ARGV[3] == 'cancelled' or ARGV[3] == 'failed' then redis.call('PUBLISH', key('cancelled'), id) end
return redis.call('HMGET', key('job:' .. id), 'createdAt', 'startedAt', 'endedAt')
`);

/**
 * A piece of work is begun. Values: id, the piece, the tag of its turn. Returns how often that was so since the job got
 * further last, or 0 where the job has ended or is gone.
 */
export const START = script(`${MOVE}
local id = ARGV[1]
local status = redis.call('HGET', key('job:' .. id), 'status')
if not isOpen(status) then return 0 end
begun(tonumber(ARGV[3]))
if status == 'pending' then
  local at = now()
  move(id, 'processing', at)
  note(id, at, '{"type":"status","status":"processing"}')
  say(id)
end
return redis.call('HINCRBY', key('starts:' .. id), ARGV[2], 1)
`);

/** The tag of the turn of a job's next chunk. Values: id. */
export const NEXT_TURN = script(`${TURNS}
local job = key('job:' .. ARGV[1])
local owner = redis.call('HGET', job, 'owner')
if not owner then return '0' end
local tag = math.max(turn(), tonumber(redis.call('HGET', job, 'turn')))
local step = math.max(1, tonumber(redis.call('HGET', key('open'), owner) or '1'))
redis.call('HSET', job, 'turn', whole(tag + step))
return whole(tag)
`);

/**
 * A piece of work is so far. Values: id, the piece, its seconds, whether it is done (1: the job has got further), the
 * least milliseconds between two events. Returns 0 where the job has ended or is gone.
 */
export const ADVANCE = script(`
local id, piece, seconds = ARGV[1], ARGV[2], tonumber(ARGV[3])
local job, progress = key('job:' .. id), key('progress:' .. id)
local known = redis.call('HMGET', job, 'status', 'audioSeconds', 'totalSeconds', 'toldAt')
if not isOpen(known[1]) then return 0 end
if ARGV[4] == '1' then redis.call('DEL', key('starts:' .. id)) end
local before = tonumber(redis.call('HGET', progress, piece) or '0')
if seconds <= before then return 1 end
redis.call('HSET', progress, piece, ARGV[3])
local all = string.format('%.3f', tonumber(known[2]) + seconds - before)
redis.call('HSET', job, 'audioSeconds', all)
local at = now()
if at - tonumber(known[4] or '0') < tonumber(ARGV[5]) then return 1 end
redis.call('HSET', job, 'toldAt', whole(at))
local total = ''
if known[3] then total = ',"totalSeconds":' .. known[3] end
note(id, at, '{"type":"progress","audioSeconds":' .. all .. total .. '}')
say(id)
return 1
`);

/** How long the recording is, as far as it is known. Values: id, seconds. Returns 0 where the job has ended or is gone. */
export const SET_TOTAL = script(`
local id = ARGV[1]
local job = key('job:' .. id)
local known = redis.call('HMGET', job, 'status', 'audioSeconds')
if not isOpen(known[1]) then return 0 end
redis.call('HSET', job, 'totalSeconds', ARGV[2])
note(id, now(), '{"type":"progress","audioSeconds":' .. known[2] .. ',"totalSeconds":' .. ARGV[2] .. '}')
say(id)
return 1
`);

/**
 * Tells what happened. Values: id, then three for each: the event, the number of its segment (-1: none), and fields of the
 * job that it sets as JSON. Segments that were told before are left out. Returns 0 where the job has ended or is gone.
 */
export const TELL = script(`
local id = ARGV[1]
local job = key('job:' .. id)
if not isOpen(redis.call('HGET', job, 'status')) then return 0 end
local at = now()
local told = tonumber(redis.call('HGET', job, 'segments') or '0')
for index = 2, #ARGV, 3 do
  local segment = tonumber(ARGV[index + 1])
  if segment < 0 or segment >= told then
    if segment >= 0 then told = segment + 1 end
    for name, value in pairs(cjson.decode(ARGV[index + 2])) do redis.call('HSET', job, name, value) end
    note(id, at, ARGV[index])
  end
end
redis.call('HSET', job, 'segments', whole(told))
say(id)
return 1
`);

/** Everything about a job. Values: id. Returns 0 where there is none. */
export const REMOVE = script(`${TURNS}
local id = ARGV[1]
local job = key('job:' .. id)
local known = redis.call('HMGET', job, 'owner', 'status', 'bytes', 'batchId', 'idempotency')
local owner = known[1]
if not owner then return 0 end
redis.call('ZREM', key('pending'), id)
redis.call('ZREM', key('processing'), id)
redis.call('ZREM', key('ended'), id)
redis.call('ZREM', key('webhooks'), id)
redis.call('ZREM', key('of:' .. owner), id)
if isOpen(known[2]) then
  redis.call('DECRBY', key('bytes'), known[3])
  leave(owner)
end
if known[4] then redis.call('ZREM', key('batch:' .. owner .. ':' .. known[4]), id) end
if known[5] then redis.call('HDEL', key('idempotency:' .. owner), known[5]) end
-- Whoever has no jobs any more is forgotten, too.
if redis.call('ZCARD', key('of:' .. owner)) == 0 then redis.call('HDEL', key('turns'), owner) end
redis.call('DEL', job, key('events:' .. id), key('deliveries:' .. id), key('starts:' .. id), key('progress:' .. id))
say(id)
redis.call('PUBLISH', key('cancelled'), id)
return 1
`);
