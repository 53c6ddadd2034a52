-- Lets a group go on that is paused, or halted at a message: that one is tried again, attempts from 1.
-- KEYS: of the group
-- ARGV: 1 group
-- Result: {1 if the group was stopped}
-- include lib-ids
-- include lib-group
local group = ARGV[1]
local halted = redis.call('HGET', KEYS[3], 'halted:' .. group)
if halted then
  local key, id = locate(string.match(halted, '^%S+'))
  local p = redis.call('XPENDING', key, group, id, id, 1)[1]
  if p then redis.call('XCLAIM', key, group, p[2], 0, id, 'RETRYCOUNT', 0, 'JUSTID') end
end
return {math.min(1, redis.call('HDEL', KEYS[3], 'paused:' .. group, 'halted:' .. group))}
