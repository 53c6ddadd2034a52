-- Gives a message up: into the group's dead letters with its cause, or, where the user keeps none, counted as dropped.
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer, 3 generation, 4 ref, 5 attempt, 6 original id, 7 cause, 8 '1' to keep it,
--       9 payload, 10 key, 11 headers, 12 lease or ''
-- Result: {1}, or {0} if somebody else holds it by now
-- Hazards: R#22, R#30: one script, XADD before all that changes something, so a message is in one place or the other and
-- never in none; also when memory is full.
-- include lib-ids
-- include lib-group
local group, ref = ARGV[1], ARGV[4]
if not leased(ARGV[12]) then return {0} end
if not holds(group, ARGV[2], ref, ARGV[5]) or not isCurrent(group, ARGV[3], ref) then return {0} end
goOnWhenMemoryIsFull()
if ARGV[8] == '1' then
  local key, id = locate(ref) -- only a redriven message carries how often it was; one of an older format does not
  local redriven = isRedriven(ref) and redis.call('XRANGE', key, id, id)[1]
  redis.call('XADD', KEYS[5], '*', 'p', ARGV[9], 'k', ARGV[10], 'h', ARGV[11],
    'i', ARGV[6], 'a', ARGV[5], 'c', ARGV[7], 'n', redriven and redriven[2][10] or '0')
else
  redis.call('HINCRBY', KEYS[3], 'dropped:' .. group, 1)
end
finish(group, ref)
return {1}
