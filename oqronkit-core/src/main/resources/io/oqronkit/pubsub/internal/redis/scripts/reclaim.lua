-- Takes over what waits for another attempt: parked deliveries whose time has come, then deliveries whose consumer has
-- let the ack deadline pass. Taking over raises the attempt count.
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer, 3 ack deadline in ms, 4 how many at most, 5 ms after which the name of a silent consumer
--       with nothing pending is removed (R#37: it comes back by itself when it reads), then refs of our own to take over (orphans)
-- Result: {generation, {{ref, attempt, payload, key, headers, original id}...}, {our own refs past the deadline}, how
--         many were found trimmed away while pending, how many are pending or parked for anybody; 1 while paused}
-- Hazards: R#7 a lost reply leaves entries with their reader: those are reported, the caller knows what it really holds;
-- R#23 asked per consumer, so fresh entries do not hide stale ones; R#25 entries trimmed on 6.2 leave a ghost to ack.
-- include lib-ids
-- include lib-group
local group, me, deadline, left = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local taken, mine, gone = {}, {}, 0
if redis.call('HEXISTS', KEYS[3], 'paused:' .. group) == 1 then return {redis.call('HGET', KEYS[3], 'gen:' .. group) or '1', taken, mine, 0, 1} end
local function take(ref, minIdle, attempts)
  local key, id = locate(ref)
  local claimed = redis.call('XCLAIM', key, group, me, minIdle, id)
  if claimed[1] then
    local f = claimed[1][2]
    taken[#taken + 1] = {ref, attempts + 1, f[2] or '', f[4] or '', f[6] or '', f[8] or ''}
    left = left - 1
  elseif #redis.call('XRANGE', key, id, id) == 0 then
    finish(group, ref); gone = gone + 1
  end
end
local function owner(ref)
  local key, id = locate(ref)
  local p = redis.call('XPENDING', key, group, id, id, 1)[1]
  if p then return p[2], p[4], p[3] end
end

for i = 6, #ARGV do
  local who, attempts, idle = owner(ARGV[i])
  if left > 0 and who == me and idle >= deadline then take(ARGV[i], deadline, attempts) end
end
if left > 0 then
  local due = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', string.format('%.0f', nowMs()), 'LIMIT', 0, left)
  for _, ref in ipairs(due) do
    local who, attempts = owner(ref)
    if who == PARKED then take(ref, 0, attempts) end
    redis.call('ZREM', KEYS[4], ref)
  end
end

local scheduled, parked, all = redis.call('ZCARD', KEYS[4]), 0, 0
for at, prefix in ipairs({'', 'r'}) do
  for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[at], group)) do
    local name, pending = c[2], c[4]
    all = all + pending
    if name == PARKED then parked = parked + pending
    elseif pending == 0 and name ~= me and c[6] > tonumber(ARGV[5]) then
      redis.call('XGROUP', 'DELCONSUMER', KEYS[at], group, name)
    elseif pending > 0 and (left > 0 or name == me) then
      local limit = name == me and 1000 or left
      for _, p in ipairs(redis.call('XPENDING', KEYS[at], group, 'IDLE', deadline, '-', '+', limit, name)) do
        if name == me then mine[#mine + 1] = prefix .. p[1] else take(prefix .. p[1], deadline, p[4]) end
      end
    end
  end
end
if parked > scheduled then -- the schedule was lost or cut: what is parked without a time is due now
  for at, prefix in ipairs({'', 'r'}) do
    local from = '-'
    repeat
      local page = redis.call('XPENDING', KEYS[at], group, from, '+', 1000, PARKED)
      for _, p in ipairs(page) do redis.call('ZADD', KEYS[4], 'NX', 0, prefix .. p[1]); from = '(' .. p[1] end
    until #page < 1000
  end
end
return {redis.call('HGET', KEYS[3], 'gen:' .. group) or '1', taken, mine, gone, all}
