-- Applies retention to a partition and notes where each group stands. Unless told to drop, it never goes beyond what
-- every group has finished.
-- KEYS: 1 stream, 2 meta, 3 producers
-- ARGV: 1 messages to keep or '', 2 age to keep in ms or '', 3 least ms since the last trim, 4 most to remove at once,
--       5 ms after which a silent producer is forgotten, 6 '1' to drop what groups have not finished
-- Result: {removed, 1 if there is more to remove, then for each group that lost messages: its name, how many}
-- Hazards: R#26: floor = the first message some group has not finished. Offsets are dense, so each limit is a first
-- offset to keep, and the trim is exact arithmetic. The page bounds how long Redis is blocked (50,000 entries: about 2 ms).
-- include lib-ids
-- include lib-drop
local stream, meta = KEYS[1], KEYS[2]
local now = nowMs()
local since = now - tonumber(redis.call('HGET', meta, 'trimmed') or '0')
if since >= 0 and since < tonumber(ARGV[3]) then return {0, 0} end
local groups = redis.pcall('XINFO', 'GROUPS', stream)
if groups.err then return {0, 0} end
local unfinished, result = {}, {0, 0}
redis.call('HDEL', meta, '-') -- changes nothing; a script whose first write needs no memory may go on when memory is full
redis.call('HSET', meta, 'trimmed', string.format('%.0f', now))

local _, last = split(lastId(stream, meta))
local floor = last + 1
for _, g in ipairs(groups) do
  local d = {}
  for i = 1, #g, 2 do d[g[i]] = g[i + 1] end
  local ms, offset
  local _, delivered = split(d['last-delivered-id'])
  unfinished[#unfinished + 1] = {name = d['name'], pending = d['pending'], delivered = delivered}
  if d['pending'] > 0 then ms, offset = split(redis.call('XPENDING', stream, d['name'])[2])
  else ms, offset = split(d['last-delivered-id']); offset = offset + 1 end
  redis.call('HSET', meta, 'floor:' .. d['name'], join(ms, offset))
  if offset < floor then floor = offset end
end

local firstKept = 1
if ARGV[1] ~= '' then firstKept = last - tonumber(ARGV[1]) + 1 end
if ARGV[2] ~= '' then
  local oldest = math.max(0, now - tonumber(ARGV[2])) -- an age may reach back beyond 1970
  local young = redis.call('XRANGE', stream, string.format('%.0f-0', oldest), '+', 'COUNT', 1)[1]
  local _, offset = split(young and young[1] or join(0, last + 1))
  if offset > firstKept then firstKept = offset end
end
if firstKept > floor and ARGV[6] ~= '1' then firstKept = floor end

local length, page = redis.call('XLEN', stream), tonumber(ARGV[4])
local keep = math.max(last - firstKept + 1, 0)
if length > keep then
  local first = last - length + 1
  result[1] = redis.call('XTRIM', stream, 'MAXLEN', string.format('%.0f', math.max(keep, length - page)))
  if firstKept > floor then
    for _, g in ipairs(unfinished) do
      local lost = dropped(stream, meta, g, first, first + result[1] - 1)
      if lost > 0 then result[#result + 1] = g.name; result[#result + 1] = lost end
    end
  end
end

local producers = redis.call('HGETALL', KEYS[3])
for i = 1, #producers, 2 do
  local ms = string.match(producers[i + 1], '^%d+ (%d+)')
  if now - tonumber(ms) > tonumber(ARGV[5]) then redis.call('HDEL', KEYS[3], producers[i]) end
end
result[2] = length - result[1] > keep and 1 or 0
return result
