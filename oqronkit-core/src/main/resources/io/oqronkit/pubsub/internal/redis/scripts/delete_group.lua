-- Removes a group with all it has: position, pending, parked, redriven messages and dead letters.
-- KEYS: of the group
-- ARGV: 1 group
-- Result: {1}, or {0} if there is no such group
-- Processes that still run it must not make it again as after an accident (R#13): the mark tells them, until somebody
-- subscribes anew.
local group = ARGV[1]
local gone = redis.pcall('XGROUP', 'DESTROY', KEYS[1], group)
if gone ~= 1 then return {0} end
redis.call('DEL', KEYS[2], KEYS[4], KEYS[5], KEYS[6])
redis.call('HDEL', KEYS[3], 'gen:' .. group, 'prev:' .. group, 'pos:' .. group, 'floor:' .. group,
  'paused:' .. group, 'dropped:' .. group, 'epoch:' .. group, 'halted:' .. group, 'mode:' .. group,
  'abandoned:' .. group, 'empty:' .. group)
redis.call('HSET', KEYS[3], 'deleted:' .. group, 1)
return {1}
