-- Settles deliveries for good.
-- KEYS: of the group
-- ARGV: 1 group, 2 generation of the deliveries, 3 lease they were made under or '', 4 how many of the refs are of redriven
--       messages, then refs, those first
-- Result: {how many were refused because the group has been replayed, or its partition changed its owner, since}
-- include lib-ids
-- include lib-group
local group, refused, acked, from = ARGV[1], 0, ARGV, 5 + tonumber(ARGV[4])
if not leased(ARGV[3]) then return {#ARGV - 4} end
for i = 5, from - 1 do finish(group, ARGV[i]) end
local current = redis.call('HGET', KEYS[3], 'gen:' .. group)
if current and current ~= ARGV[2] then
  acked = {}
  for i = from, #ARGV do
    if isCurrent(group, ARGV[2], ARGV[i]) then acked[#acked + 1] = ARGV[i] else refused = refused + 1 end
  end
  from = 1
end
for first = from, #acked, 1000 do
  redis.call('XACK', KEYS[1], group, unpack(acked, first, math.min(first + 999, #acked)))
end
return {refused}
