-- Idempotency keys of a partition: one hash with the id and the end of the window, one sorted set to forget by.
-- needs: KEYS 4 keys, 5 expiry, 7 bodies of scheduled messages
-- A message that was scheduled is known while it waits: once it is cancelled or purged its key may come again.
local function knownId(key, now)
  local known = redis.call('HGET', KEYS[4], key)
  if not known or tonumber(string.match(known, ' (%d+)$')) <= now then return end
  local number = string.match(known, '%-%-(%d+)')
  if not number or redis.call('HEXISTS', KEYS[7], number) == 1 then return known end
end
-- Each key that comes lets two old ones go, so the memory is bounded by the window.
local function remember(key, id, now, untilMs)
  redis.call('HSET', KEYS[4], key, string.format('%s %.0f', id, untilMs))
  redis.call('ZADD', KEYS[5], string.format('%.0f', untilMs), key)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', string.format('%.0f', now), 'LIMIT', 0, 2)) do
    redis.call('HDEL', KEYS[4], old)
    redis.call('ZREM', KEYS[5], old)
  end
end
