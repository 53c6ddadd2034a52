-- Registers a topic, or raises the number of its partitions, which is never lowered.
-- KEYS: 1 topics
-- ARGV: 1 topic, 2 partitions wanted, 3 format
-- Result: {what is stored now: '<partitions>:<format>'}
-- Hazards: R#12: where it was lost, any process that has the topic open brings it back, and the highest number wins.
local stored = redis.call('HGET', KEYS[1], ARGV[1])
local partitions, format = string.match(stored or '', '^(%d+):(.+)$')
if not stored or (format == ARGV[3] and tonumber(partitions) < tonumber(ARGV[2])) then
  stored = ARGV[2] .. ':' .. ARGV[3]
  redis.call('HSET', KEYS[1], ARGV[1], stored)
end
return {stored}
