-- Applies retention to a partition and notes where each group stands. Unless told to drop, or to hold a cap, it never goes
-- beyond what every group has finished that is not abandoned.
-- KEYS: 1 stream, 2 meta, 3 producers
-- ARGV: 1 messages to keep or '', 2 age to keep in ms or '', 3 least ms since the last trim, 4 most to remove at once,
--       5 ms after which a silent producer is forgotten, 6 '1' to drop what groups have not finished, 7 most messages
--       whatever groups have finished or '', 8 ms of silence after which a group is abandoned, then names of groups that
--       were seen silent long ago
-- Result: {removed, 1 if there is more to remove, 1 if it was time to trim, then for each thing to tell: what, group, number}
--         what: AWAY (abandoned), ABANDONED, RETURNED, SILENT (lib-abandoned), DROPPED, CAPPED (what the group lost)
-- Hazards: R#26: floor = the first message some group has not finished; R#27: an abandoned group does not hold it. Offsets
-- are dense, so each limit is a first offset to keep, and the trim is exact arithmetic. The page bounds how long Redis is
-- blocked (50,000 entries: about 2 ms).
-- include lib-ids
-- include lib-standing
-- include lib-abandoned
-- include lib-drop
local stream, meta, now, result = KEYS[1], KEYS[2], nowMs(), {0, 0, 0}
local function tell(what, g, number)
  if what then result[#result + 1] = what; result[#result + 1] = g.name; result[#result + 1] = number end
end
local groups = standing(stream)
if not groups then return result end
local since = now - tonumber(redis.call('HGET', meta, 'trimmed') or '0')
if since >= 0 and since < tonumber(ARGV[3]) then
  for _, g in ipairs(groups) do if isMarked(meta, g) then tell('AWAY', g, g.lost) end end
  return result
end
redis.call('HDEL', meta, '-') -- changes nothing; a script whose first write needs no memory may go on when memory is full
redis.call('HSET', meta, 'trimmed', string.format('%.0f', now))
result[3] = 1

local _, last = split(lastId(stream, meta))
local floor, seenBefore = last + 1, {}
for i = 9, #ARGV do seenBefore[ARGV[i]] = true end
for _, g in ipairs(groups) do
  redis.call('HSET', meta, 'floor:' .. g.name, join(g.floorMs, g.floor))
  local what, number = judge(stream, meta, g, now, last, tonumber(ARGV[8]), seenBefore[g.name])
  tell(what, g, number)
  if not g.away then floor = math.min(floor, g.floor) end
end

local firstKept, loss = firstWanted(stream, now, last, ARGV[1], ARGV[2]), 'DROPPED'
if ARGV[6] ~= '1' then firstKept = math.min(firstKept, floor) end
local firstCapped = ARGV[7] == '' and 1 or last - tonumber(ARGV[7]) + 1
if firstCapped > firstKept then firstKept, loss = firstCapped, 'CAPPED' end

local length, page = redis.call('XLEN', stream), tonumber(ARGV[4])
local keep = math.max(last - firstKept + 1, 0)
if length > keep then
  local first = last - length + 1
  result[1] = redis.call('XTRIM', stream, 'MAXLEN', string.format('%.0f', math.max(keep, length - page)))
  for _, g in ipairs(groups) do
    local lost = dropped(stream, meta, g, first, first + result[1] - 1)
    if lost > 0 then tell(loss, g, lost) end
    if lost > 0 and g.away then mark(meta, g, g.since, g.lost + lost) end
  end
end

local producers = redis.call('HGETALL', KEYS[3])
for i = 1, #producers, 2 do
  local ms = string.match(producers[i + 1], '^%d+ (%d+)')
  if now - tonumber(ms) > tonumber(ARGV[5]) then redis.call('HDEL', KEYS[3], producers[i]) end
end
result[2] = length - result[1] > keep and 1 or 0
return result
