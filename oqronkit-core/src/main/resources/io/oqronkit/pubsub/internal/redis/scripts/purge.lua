-- Removes all messages of a partition, the scheduled ones too, and all that its groups hold of them; groups stay, at the
-- end. Offsets go on.
-- KEYS: 1 stream, 2 meta, 3 schedule, 4 bodies of scheduled messages, then for each group: redriven, parked, dead letters
-- ARGV: the groups
-- Result: {messages removed}
-- Hazards: R#17: the generation rises, so deliveries made before can no longer be settled.
-- include lib-ids
local last = lastId(KEYS[1], KEYS[2])
local removed = redis.call('XLEN', KEYS[1]) + redis.call('ZCARD', KEYS[3])
for i, group in ipairs(ARGV) do
  local at = 2 + 3 * i
  if redis.pcall('XGROUP', 'DESTROY', KEYS[1], group) == 1 then
    redis.call('XGROUP', 'CREATE', KEYS[1], group, last, 'MKSTREAM')
    redis.call('DEL', KEYS[at], KEYS[at + 1], KEYS[at + 2])
    redis.call('XGROUP', 'CREATE', KEYS[at], group, '0', 'MKSTREAM')
    redis.call('HINCRBY', KEYS[2], 'gen:' .. group, 1)
    redis.call('HDEL', KEYS[2], 'prev:' .. group, 'pos:' .. group, 'floor:' .. group)
  end
end
redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)
redis.call('DEL', KEYS[3], KEYS[4])
return {removed}
