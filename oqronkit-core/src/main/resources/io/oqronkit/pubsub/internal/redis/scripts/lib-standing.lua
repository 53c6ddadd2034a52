-- Where the groups of a partition stand, and what its limits would keep. needs: lib-ids
-- Of each group {name, pending, delivered, floorMs, floor}: floor is the offset of the first message it has not finished.
local function standing(stream)
  local info, groups = redis.pcall('XINFO', 'GROUPS', stream), {}
  if info.err then return nil end
  for i, one in ipairs(info) do
    local d = {}
    for j = 1, #one, 2 do d[one[j]] = one[j + 1] end
    local ms, delivered = split(d['last-delivered-id'])
    local g = {name = d['name'], pending = d['pending'], delivered = delivered, floorMs = ms, floor = delivered + 1}
    if g.pending > 0 then g.floorMs, g.floor = split(redis.call('XPENDING', stream, g.name)[2]) end
    groups[i] = g
  end
  return groups
end
-- The first offset to keep by a count and by an age in ms, either of them '' for no limit.
local function firstWanted(stream, now, last, count, age)
  local wanted = count == '' and 1 or last - tonumber(count) + 1
  if age ~= '' then
    local oldest = math.max(0, now - tonumber(age)) -- an age may reach back beyond 1970
    local young = redis.call('XRANGE', stream, string.format('%.0f-0', oldest), '+', 'COUNT', 1)[1]
    local _, offset = split(young and young[1] or join(0, last + 1))
    wanted = math.max(wanted, offset)
  end
  return wanted
end
