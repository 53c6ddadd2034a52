-- Removes a group with all it has: position, pending, parked, redriven messages and dead letters.
-- KEYS: of the group
-- ARGV: 1 group
-- Result: {1}, or {0} if there is no such group
-- Processes that still run it must not make it again as after an accident (R#13): the mark tells them, until somebody
-- subscribes anew.
-- include lib-forget
if not forget(ARGV[1]) then return {0} end
redis.call('HSET', KEYS[3], 'deleted:' .. ARGV[1], 1)
return {1}
