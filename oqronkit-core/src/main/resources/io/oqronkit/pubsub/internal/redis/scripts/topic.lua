-- Registers topics, or raises the numbers of their partitions, which are never lowered.
-- KEYS: 1 topics
-- ARGV: 1 format, then for each topic: its name, partitions wanted
-- Result: for each topic what is stored now: '<partitions>:<format>'
-- Hazards: R#12: where one was lost, any process that has the topic open brings it back, and the highest number wins.
local result = {}
for i = 2, #ARGV, 2 do
  local stored = redis.call('HGET', KEYS[1], ARGV[i])
  local partitions, format = string.match(stored or '', '^(%d+):(.+)$')
  if not stored or (format == ARGV[1] and tonumber(partitions) < tonumber(ARGV[i + 1])) then
    stored = ARGV[i + 1] .. ':' .. ARGV[1]
    redis.call('HSET', KEYS[1], ARGV[i], stored)
  end
  result[#result + 1] = stored
end
return result
