-- Counts one more attempt of an entry just before it starts: without it a new owner would count from the beginning.
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer, 3 lease, 4 generation, 5 ref, 6 attempts so far
-- Result: {1 counted, 0 the entry is settled or replayed, -1 the lease is lost}
-- Asked again after a lost answer it counts once.
-- include lib-ids
-- include lib-group
local group, ref = ARGV[1], ARGV[5]
if not leased(ARGV[3]) then return {-1} end
if not isCurrent(group, ARGV[4], ref) then return {0} end
local key, id = locate(ref)
local p = redis.call('XPENDING', key, group, id, id, 1)[1]
if not p or p[2] ~= ARGV[2] then return {0} end
redis.call('XCLAIM', key, group, ARGV[2], 0, id, 'RETRYCOUNT', ARGV[6] + 1, 'JUSTID')
return {1}
