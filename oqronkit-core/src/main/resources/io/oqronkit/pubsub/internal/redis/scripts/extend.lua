-- Extends the lease of a partition's owner.
-- KEYS: of the group
-- ARGV: 1 lease, 2 ms for which it holds from now on
-- Result: {1}, or {0} if the lease is lost
if redis.call('GET', KEYS[6]) ~= ARGV[1] then return {0} end
return {redis.call('PEXPIRE', KEYS[6], ARGV[2])}
