-- Moves a group to a position. Called again while it reports more to clear, with the id it has resolved.
-- KEYS: of the group
-- ARGV: 1 group, 2 kind of position, 3 its value, 4 resolved id or '', 5 last delivered id or ''
-- Result: {id after which the group reads now, last delivered id before the replay, 1 if called again}, or {} if there
--         is no such group
-- Hazards: R#17: the generation rises first, so a delivery made before the replay can no longer be settled behind the
-- position. At most 10,000 pending ones are cleared in a call: more would block Redis for 100 ms and longer.
-- include lib-ids
-- include lib-position
-- include lib-group
local group, id, delivered = ARGV[1], ARGV[4], ARGV[5]
if id == '' then
  local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
  if groups.err then return {} end
  for _, g in ipairs(groups) do
    local d = {}
    for i = 1, #g, 2 do d[g[i]] = g[i + 1] end
    if d['name'] == group then delivered = d['last-delivered-id'] end
  end
  if delivered == '' then return {} end
  id = resolve(KEYS[1], KEYS[3], ARGV[2], ARGV[3])
  local generation = redis.call('HGET', KEYS[3], 'gen:' .. group) or '0'
  redis.call('HSET', KEYS[3], 'gen:' .. group, string.format('%.0f', tonumber(generation) + 1),
    'prev:' .. group, generation, 'pos:' .. group, id)
end
for _ = 1, 10 do
  local page = isAfter(delivered, id) and redis.call('XPENDING', KEYS[1], group, '(' .. id, delivered, 1000) or {}
  local ids = {}
  for i, p in ipairs(page) do ids[i] = p[1] end
  if #ids > 0 then
    redis.call('XACK', KEYS[1], group, unpack(ids))
    redis.call('ZREM', KEYS[4], unpack(ids))
  end
  if #ids < 1000 then
    redis.call('XGROUP', 'SETID', KEYS[1], group, id)
    redis.call('HDEL', KEYS[3], 'floor:' .. group)
    return {id, delivered, 0}
  end
end
return {id, delivered, 1}
