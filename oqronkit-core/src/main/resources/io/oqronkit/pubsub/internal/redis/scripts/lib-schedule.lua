-- Messages that wait for their time: a sorted set of numbers by due ms, and a hash of bodies by number. Until it enters
-- the log such a message has the id '<due ms>--<number>'. needs: KEYS 2 meta, 6 schedule, 7 bodies
-- Numbers rise, so of two messages due at once the one scheduled first goes first. They begin at the clock's
-- microseconds: should the last one be lost (R#11), none comes twice. All have 16 digits, so they sort as texts.
local function lastNumber()
  local t = redis.call('TIME')
  return tonumber(redis.call('HGET', KEYS[2], 'z') or t[1] * 1000000 + t[2])
end
-- A time is '<ms>', or '+<ms>' from now on: Redis's clock decides, not the publisher's.
local function scheduledId(time, now, number)
  local due = string.byte(time) == 43 and now + tonumber(time) or tonumber(time)
  return string.format('%.0f--%.0f', due, number), due
end
local function schedule(due, number, payload, key, headers, idempotencyKey)
  local name, dueMs = string.format('%.0f', number), string.format('%.0f', due)
  redis.call('HSET', KEYS[7], name, cmsgpack.pack({payload, key, headers, idempotencyKey, dueMs}))
  redis.call('ZADD', KEYS[6], dueMs, name)
end
