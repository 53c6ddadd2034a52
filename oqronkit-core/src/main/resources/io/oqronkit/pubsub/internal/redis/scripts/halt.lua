-- Stops a partition of an ordered group at a message that failed for good: nobody may own it until a person decides.
-- KEYS: of the group
-- ARGV: 1 group, 2 lease, 3 ref, 4 id of the message, 5 cause
-- Result: {1}, or {0} if the lease was lost before
-- include lib-ids
-- include lib-group
if not leased(ARGV[2]) then return {0} end
goOnWhenMemoryIsFull()
redis.call('HSET', KEYS[3], 'halted:' .. ARGV[1], ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. ARGV[5])
return {1}
