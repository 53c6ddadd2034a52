-- Idempotency keys of a partition: one hash with the id and the end of the window, one sorted set to forget by.
-- needs: KEYS 4 keys, 5 expiry
local function knownId(key, now)
  local known = redis.call('HGET', KEYS[4], key)
  if known and tonumber(string.match(known, ' (%d+)$')) > now then return known end
end
-- Each key that comes lets two old ones go, so the memory is bounded by the window.
local function remember(key, id, now, window)
  redis.call('HSET', KEYS[4], key, string.format('%s %.0f', id, now + window))
  redis.call('ZADD', KEYS[5], string.format('%.0f', now + window), key)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', string.format('%.0f', now), 'LIMIT', 0, 2)) do
    redis.call('HDEL', KEYS[4], old)
    redis.call('ZREM', KEYS[5], old)
  end
end
