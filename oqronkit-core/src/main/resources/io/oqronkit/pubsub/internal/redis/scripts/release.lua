-- Ends a lease. What its owner has not started stays pending, under a consumer of its own, for the next owner.
-- KEYS: of the group
-- ARGV: 1 group, 2 lease, then for each delivery: ref, attempts to store
-- Result: {1}, or {0} if the lease was lost before
-- include lib-ids
-- include lib-group
if not leased(ARGV[2]) then return {0} end
for i = 3, #ARGV, 2 do
  local key, id = locate(ARGV[i])
  if #redis.call('XPENDING', key, ARGV[1], id, id, 1) == 1 then
    redis.call('XCLAIM', key, ARGV[1], PARKED, 0, id, 'RETRYCOUNT', ARGV[i + 1], 'JUSTID')
  end
end
redis.call('DEL', KEYS[6])
return {1}
