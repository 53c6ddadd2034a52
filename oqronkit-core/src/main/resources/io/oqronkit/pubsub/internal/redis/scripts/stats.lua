-- Where a group stands on a partition.
-- KEYS: of the group
-- ARGV: 1 group, 2 '1' to ask how soon it may lose messages; an abandoned group is asked anyway
-- Result: {lag, pending, parked, dead letters, dropped, consumer names, 1 if paused, 1 if abandoned, outlook}, or {} if there
--         is no such group; outlook: {} or {age in ms of the oldest message it has not finished, how many there are from
--         that one on, messages published lately, in how many ms}
-- Offsets are dense, so the lag is a subtraction on every Redis version, after a replay too (7.0+ reports none then).
-- include lib-ids
-- include lib-group
-- include lib-position
-- include lib-outlook
local group, deliveredId = ARGV[1], nil
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if groups.err then return {} end
for _, g in ipairs(groups) do
  local d = {}
  for i = 1, #g, 2 do d[g[i]] = g[i + 1] end
  if d['name'] == group then deliveredId = d['last-delivered-id'] end
end
if not deliveredId then return {} end
local _, delivered = split(deliveredId)
local _, last = split(lastId(KEYS[1], KEYS[3]))
local trimmed = last - redis.call('XLEN', KEYS[1])
last = math.min(last, tonumber(redis.call('HGET', KEYS[3], 'end:' .. group) or last)) -- of a shadow replay
local lag = math.max(last - math.max(delivered, trimmed), 0)
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
local abandoned = redis.call('HEXISTS', KEYS[3], 'abandoned:' .. group)
return {lag, pending - parked, parked, redis.call('XLEN', KEYS[5]),
  tonumber(redis.call('HGET', KEYS[3], 'dropped:' .. group) or '0'), names,
  redis.call('HEXISTS', KEYS[3], 'paused:' .. group), abandoned,
  (ARGV[2] == '1' or abandoned == 1) and outlook(KEYS[1], group, deliveredId, last) or {}}
