-- Gives up the message a partition of an ordered group is halted at, as a dead letter, and lets the group go on behind it.
-- KEYS: of the group
-- ARGV: 1 group, 2 id of the message
-- Result: {1}, or {0} if the group is not halted at this message
-- include lib-ids
-- include lib-group
local group = ARGV[1]
local ref, original, cause = string.match(redis.call('HGET', KEYS[3], 'halted:' .. group) or '', '^(%S+) (%S+) (.*)$')
if original ~= ARGV[2] then return {0} end
local key, id = locate(ref)
local entry, p = redis.call('XRANGE', key, id, id)[1], redis.call('XPENDING', key, group, id, id, 1)[1]
if entry and p then
  local f = entry[2]
  goOnWhenMemoryIsFull()
  redis.call('XADD', KEYS[5], '*', 'p', f[2], 'k', f[4] or '', 'h', f[6] or '', 'i', original, 'a', p[4], 'c', cause,
    'n', isRedriven(ref) and f[10] or '0')
  finish(group, ref)
end
redis.call('HDEL', KEYS[3], 'halted:' .. group)
return {1}
