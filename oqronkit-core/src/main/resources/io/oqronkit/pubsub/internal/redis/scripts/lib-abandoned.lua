-- Whether anybody consumes for a group (lib-standing), and the mark 'since lost' of one for whom nobody did for too long.
-- Since the clock of Redis may jump, only who has seen the silence before, long ago on a steady clock, may set the mark.
local function field(g) return 'abandoned:' .. g.name end
local function isMarked(meta, g)
  local since, lost = string.match(redis.call('HGET', meta, field(g)) or '', '^(%d+) (%d+)$')
  g.since, g.lost = tonumber(since), tonumber(lost)
  return g.since ~= nil
end
local function mark(meta, g, since, lost)
  redis.call('HSET', meta, field(g), string.format('%.0f %.0f', since, lost))
  g.since, g.lost, g.away = since, lost, true
end
-- How long no consumer has done anything, in ms; without any consumer: since that was first seen.
local function silence(stream, meta, g, now)
  local silent, empty = nil, 'empty:' .. g.name
  for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', stream, g.name)) do
    if c[2] ~= '__parked' then silent = math.min(silent or c[6], c[6]) end
  end
  if silent then redis.call('HDEL', meta, empty); return silent end
  redis.call('HSETNX', meta, empty, string.format('%.0f', now))
  return now - tonumber(redis.call('HGET', meta, empty))
end
-- Sets g.away if retention need not wait for the group; answers what changed, and a number: its lag, or what it lost.
local function judge(stream, meta, g, now, last, limit, seenBefore)
  local f = redis.call('HMGET', meta, 'paused:' .. g.name, 'halted:' .. g.name)
  local waits = f[1] or f[2] -- for a person
  if isMarked(meta, g) then
    if waits or silence(stream, meta, g, now) < now - g.since then
      redis.call('HDEL', meta, field(g))
      return 'RETURNED', g.lost
    end
    g.away = true
    if g.since > now then mark(meta, g, now, g.lost) end
    return 'AWAY', g.lost
  end
  if waits or g.floor > last or silence(stream, meta, g, now) <= limit then return end
  if not seenBefore then return 'SILENT', 0 end
  mark(meta, g, now, 0)
  return 'ABANDONED', last - math.max(g.delivered, last - redis.call('XLEN', stream))
end
