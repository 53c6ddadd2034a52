-- Where a group stands on a partition.
-- KEYS: of the group
-- ARGV: 1 group
-- Result: {lag, pending, parked, dead letters, dropped, consumer names, 1 if paused}, or {} if there is no such group
-- Offsets are dense, so the lag is a subtraction on every Redis version, after a replay too (7.0+ reports none then).
-- include lib-ids
-- include lib-group
local group, delivered = ARGV[1], nil
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if groups.err then return {} end
for _, g in ipairs(groups) do
  local d = {}
  for i = 1, #g, 2 do d[g[i]] = g[i + 1] end
  if d['name'] == group then local _, offset = split(d['last-delivered-id']); delivered = offset end
end
if not delivered then return {} end
local _, last = split(lastId(KEYS[1], KEYS[3]))
local lag = last - math.max(delivered, last - redis.call('XLEN', KEYS[1]))
local pending, parked, names, known = 0, 0, {}, {}
for at = 1, 2 do
  local summary = redis.pcall('XPENDING', KEYS[at], group)
  if not summary.err then
    pending = pending + summary[1]
    if at == 2 then lag = lag + redis.call('XLEN', KEYS[2]) - summary[1] end
    for _, c in ipairs(summary[4] or {}) do
      if c[1] == PARKED then parked = parked + tonumber(c[2]) end
    end
    for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[at], group)) do
      if c[2] ~= PARKED and not known[c[2]] then known[c[2]] = true; names[#names + 1] = c[2] end
    end
  end
end
return {lag, pending - parked, parked, redis.call('XLEN', KEYS[5]),
  tonumber(redis.call('HGET', KEYS[3], 'dropped:' .. group) or '0'), names,
  redis.call('HEXISTS', KEYS[3], 'paused:' .. group)}
