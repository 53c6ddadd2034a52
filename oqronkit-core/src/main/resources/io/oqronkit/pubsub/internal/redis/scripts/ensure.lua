-- Makes sure a group and its consumer exist on a partition.
-- KEYS: 1 stream, 2 redriven, 3 meta
-- ARGV: 1 group, 2 consumer, 3 kind of position, 4 its value, 5 '1' if this process had the group already, 6 mode
-- Result: {1 if the topic's group had to be created, the id it starts after, 1 if it stood beyond the end of the log}
-- Hazards: R#12 and R#13: a group that vanished is made again where it stood (the floor in the meta hash); where that
-- is gone too, a process that knew the group begins at the oldest message: rather twice than never. R#4: so does a group
-- that stands beyond the end, where the log alone was set back: it would miss all messages until the log reaches it.
-- R#12: the name of this history tells a reader that another one has taken its place. The temporary group of a shadow
-- replay ('__...') is not made again.
-- include lib-ids
-- include lib-position
local group = ARGV[1]
if ARGV[5] == '1' and (string.sub(group, 1, 2) == '__' or redis.call('HEXISTS', KEYS[3], 'deleted:' .. group) == 1) then
  return redis.error_reply('OQRON the group was deleted')
end
local mode = redis.call('HGET', KEYS[3], 'mode:' .. group)
if mode and mode ~= ARGV[6] then -- two modes at a time would break the order of the one that has one
  local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], group)
  for _, c in ipairs(consumers) do
    if c[2] ~= ARGV[2] and c[2] ~= '__parked' then
      return redis.error_reply('OQRON the group is used in mode ' .. mode .. ' by ' .. c[2])
    end
  end
end
redis.call('HDEL', KEYS[3], 'deleted:' .. group, 'empty:' .. group) -- first: it needs no memory, and then the rest may go on when memory is full
redis.call('HSET', KEYS[3], 'mode:' .. group, ARGV[6])
redis.call('HSETNX', KEYS[3], 'history', string.format('%s@%.0f', ARGV[2], nowMs()))
local floor, last, generated = redis.call('HGET', KEYS[3], 'floor:' .. group), lastId(KEYS[1], KEYS[3]), generatedId(KEYS[1])
if isAfter(generated, last) then last = generated end
if floor and isAfter(before(floor), last) then floor = nil end
local stood = floor and before(floor) or resolve(KEYS[1], KEYS[3], 'earliest', '')
local start = (floor or ARGV[5] == '1') and stood or resolve(KEYS[1], KEYS[3], ARGV[3], ARGV[4])
local function standsBeyondTheEnd()
  for _, g in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
    local d = {}
    for i = 1, #g, 2 do d[g[i]] = g[i + 1] end
    if d['name'] == group then return isAfter(d['last-delivered-id'], last) end
  end
end
local function create(key, id)
  local made = redis.pcall('XGROUP', 'CREATE', key, group, id, 'MKSTREAM')
  if type(made) == 'table' and made.err then
    if string.find(made.err, 'BUSYGROUP', 1, true) then return 0 end
    return made
  end
  return 1
end
local created, setBack = create(KEYS[1], start), 0
if type(created) == 'table' then return created end
local redriven = create(KEYS[2], '0')
if type(redriven) == 'table' then return redriven end
if created == 0 and standsBeyondTheEnd() then
  redis.call('XGROUP', 'SETID', KEYS[1], group, stood)
  setBack = 1
end
redis.call('XGROUP', 'CREATECONSUMER', KEYS[1], group, ARGV[2])
redis.call('XGROUP', 'CREATECONSUMER', KEYS[2], group, ARGV[2])
redis.call('HSETNX', KEYS[3], 'gen:' .. group, 1)
return {created, start, setBack}
