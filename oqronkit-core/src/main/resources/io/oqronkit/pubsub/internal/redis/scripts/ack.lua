-- Settles deliveries for good.
-- KEYS: of the group
-- ARGV: 1 group, 2 generation of the deliveries, 3 lease they were made under or '', then refs
-- Result: {how many were refused because the group has been replayed, or its partition changed its owner, since}
-- include lib-ids
-- include lib-group
local group, refused, plain = ARGV[1], 0, {}
if not leased(ARGV[3]) then return {#ARGV - 3} end
for i = 4, #ARGV do
  local ref = ARGV[i]
  if isRedriven(ref) then finish(group, ref) else plain[#plain + 1] = ref end
end
local current = redis.call('HGET', KEYS[3], 'gen:' .. group)
if current and current ~= ARGV[2] then
  local still = {}
  for _, ref in ipairs(plain) do
    if isCurrent(group, ARGV[2], ref) then still[#still + 1] = ref else refused = refused + 1 end
  end
  plain = still
end
for from = 1, #plain, 1000 do
  redis.call('XACK', KEYS[1], group, unpack(plain, from, math.min(from + 999, #plain)))
end
return {refused}
