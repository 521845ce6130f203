/**
 * Whose turn it is, in the words of scripts: start-time fair queueing (Goyal, Vin, Cheng 1996), as in
 * services/model-manager/hosts/fair-queue.ts, over all machines. Every job and every chunk has a tag, and lower tags go
 * first.
 *
 * - `turn` is the tag of what was begun last: whoever comes new begins there.
 * - A job has its owner's next tag (`turns`): owners take turns, whoever came first and however much each has put in.
 * - A chunk comes as many tags after the one before it as its owner has jobs (`open`): a long recording goes on once in
 *   each turn of its owner, and short ones pass it.
 *
 * When nothing is left to do, all begins anew: tags stay small.
 */
export const TURNS = `
local function turn() return tonumber(redis.call('GET', key('turn')) or '0') end
local function jobTurn(owner)
  local tag = math.max(turn(), tonumber(redis.call('HGET', key('turns'), owner) or '0'))
  redis.call('HSET', key('turns'), owner, whole(tag + 1))
  redis.call('HINCRBY', key('open'), owner, 1)
  return tag
end
local function begun(tag)
  if tag > turn() then redis.call('SET', key('turn'), whole(tag)) end
end
local function leave(owner)
  if redis.call('HINCRBY', key('open'), owner, -1) <= 0 then redis.call('HDEL', key('open'), owner) end
  if redis.call('ZCARD', key('pending')) + redis.call('ZCARD', key('processing')) == 0 then
    redis.call('DEL', key('turn'), key('turns'), key('open'))
  end
end
`;
