-- Moves scheduled messages whose time has come into the log, in the order of their times, then of their numbers.
-- KEYS: as of publish_special
-- ARGV: 1 most to move, 2 bytes after which to stop, 3 ms for which idempotency keys are remembered
-- Result: {moved, how many had lost their body, Redis's time in ms, when the next one is due in ms or -1}
-- Never early: Redis's clock decides. XADD comes first: out of memory, a message stays where it is. A schedule that was
-- lost or cut is made again: bodies know their times.
-- include lib-ids
-- include lib-log
-- include lib-idempotency
local now, bytes, window = nowMs(), tonumber(ARGV[2]), tonumber(ARGV[3])
if redis.call('HLEN', KEYS[7]) > redis.call('ZCARD', KEYS[6]) then
  local all = redis.call('HGETALL', KEYS[7])
  for i = 1, #all, 2 do redis.call('ZADD', KEYS[6], 'NX', cmsgpack.unpack(all[i + 1])[5], all[i]) end
end
local done, gone, failure = {}, 0, nil
local due = redis.call('ZRANGEBYSCORE', KEYS[6], '-inf', string.format('%.0f', now), 'LIMIT', 0, ARGV[1])
if #due > 0 then openLog(now) end
for _, number in ipairs(due) do
  local body = redis.call('HGET', KEYS[7], number)
  if body then
    local m, id = cmsgpack.unpack(body), nil
    id, failure = append(m[1], m[2], m[3])
    if failure then break end
    if m[4] ~= '' then remember(m[4], id, now, now + window) end
    bytes = bytes - #body
  else
    gone = gone + 1
  end
  done[#done + 1] = number
  if bytes <= 0 then break end
end
if #done > 0 then
  redis.call('HSET', KEYS[2], 'l', join(ms, offset))
  redis.call('ZREM', KEYS[6], unpack(done))
  redis.call('HDEL', KEYS[7], unpack(done))
elseif failure then
  return redis.error_reply(failure)
end
local following = redis.call('ZRANGE', KEYS[6], 0, 0, 'WITHSCORES')
return {#done - gone, gone, now, tonumber(following[2] or -1)}
