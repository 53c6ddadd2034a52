-- Removes the temporary group of a shadow replay with all it has: at its end, or when its process is gone.
-- KEYS: of the group
-- ARGV: 1 group, 2 ms for which each of its consumers must have been silent; 0 removes it in any case
-- Result: {1}, or {0} if there is no such group or somebody is alive
-- Where it has no consumer (a purge, a crash while leaving), one is made, so that silence is counted from here.
-- include lib-forget
local group, silent, consumers = ARGV[1], tonumber(ARGV[2]), 0
for at = 1, silent > 0 and 2 or 0 do
  for _, c in ipairs(redis.pcall('XINFO', 'CONSUMERS', KEYS[at], group)) do
    if c[6] < silent then return {0} end
    consumers = consumers + 1
  end
end
if silent > 0 and consumers == 0 then
  redis.pcall('XGROUP', 'CREATECONSUMER', KEYS[1], group, '__parked')
  return {0}
end
return {forget(group) and 1 or 0}
