import { script } from './script.js';
import { TURNS } from './turns.js';

/**
 * Makes a job, unless there is one with the idempotency key or no room. Times at which jobs are made differ, so that they
 * are an order as well.
 *
 * Values: id, owner, bytes, idempotency key behind `=` (or nothing), fingerprint, batch behind `=` (or nothing), most
 * jobs, most bytes, then fields and their values. Returns one of: `new` and the tag of its turn, `found` and the id,
 * `conflict`, `jobs` or `bytes` and how many there would be.
 */
export const INSERT = script(`${TURNS}
local id, owner, bytes = ARGV[1], ARGV[2], tonumber(ARGV[3])
local job = key('job:' .. id)
local idempotency = key('idempotency:' .. owner)
if ARGV[4] ~= '' then
  local found = redis.call('HGET', idempotency, ARGV[4])
  if found then
    if redis.call('HGET', key('job:' .. found), 'fingerprint') ~= ARGV[5] then return {'conflict'} end
    return {'found', found}
  end
end
local used = redis.call('ZCARD', key('pending')) + redis.call('ZCARD', key('processing'))
if used >= tonumber(ARGV[7]) then return {'jobs', whole(used)} end
local held = tonumber(redis.call('GET', key('bytes')) or '0') + bytes
if held > tonumber(ARGV[8]) then return {'bytes', whole(held)} end
local last = tonumber(redis.call('GET', key('last')) or '0')
local at = math.max(now(), last + 1)
redis.call('SET', key('last'), whole(at))
redis.call('SET', key('bytes'), whole(held))
local tag = jobTurn(owner)
redis.call('HSET', job, 'id', id, 'owner', owner, 'bytes', whole(bytes), 'status', 'pending',
  'createdAt', whole(at), 'turn', whole(tag), 'audioSeconds', '0', unpack(ARGV, 9))
redis.call('ZADD', key('pending'), whole(at), id)
redis.call('ZADD', key('of:' .. owner), whole(at), id)
if ARGV[4] ~= '' then
  redis.call('HSET', job, 'idempotency', ARGV[4], 'fingerprint', ARGV[5])
  redis.call('HSET', idempotency, ARGV[4], id)
end
if ARGV[6] ~= '' then redis.call('ZADD', key('batch:' .. owner .. ':' .. string.sub(ARGV[6], 2)), whole(at), id) end
note(id, at, '{"type":"status","status":"pending"}')
return {'new', whole(tag)}
`);
