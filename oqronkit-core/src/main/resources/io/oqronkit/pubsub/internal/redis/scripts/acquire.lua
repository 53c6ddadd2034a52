-- Makes an instance the owner of a partition of an ordered group, if it has none. Each change of owner has a higher
-- epoch, also for the same instance, also after the counter was lost, and with it a new lease, '<instance>|<epoch>'.
-- KEYS: of the group
-- ARGV: 1 group, 2 instance, 3 ms for which the lease holds unless renewed
-- Result: {lease, epoch, state}, or {'', ms to wait, state} while somebody else owns it, or the group is paused or halted
-- Hazards: R#38; a script whose first write needs no memory may go on when memory is full, hence the PEXPIRE.
-- include lib-ids
-- include lib-group
local group, me = ARGV[1], ARGV[2]
local state, owner = stateOf(group, ''), redis.call('GET', KEYS[6])
if owner and string.sub(owner, 1, #me + 1) ~= me .. '|' then return {'', redis.call('PTTL', KEYS[6]), state} end
if state[4] or state[5] then return {'', 1000, state} end
redis.call('PEXPIRE', KEYS[6], ARGV[3])
local epoch = math.max(tonumber(redis.call('HGET', KEYS[3], 'epoch:' .. group) or '0') + 1, nowMs())
local lease = me .. '|' .. string.format('%.0f', epoch)
redis.call('HSET', KEYS[3], 'epoch:' .. group, string.format('%.0f', epoch))
redis.call('SET', KEYS[6], lease, 'PX', ARGV[3])
return {lease, epoch, state}
