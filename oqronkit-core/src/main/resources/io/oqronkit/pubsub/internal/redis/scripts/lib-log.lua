-- The end of a partition's log: openLog, append, and at last join(ms, offset) into the meta hash. needs: lib-ids,
-- KEYS 1 stream, 2 meta
-- Hazards: R#9 the clock may step back: the ms of ids never does; R#11 the meta hash may be lost or lie behind: then the
-- stream itself knows the last id, and is asked before the first entry is stored.
local log, xadd, ms, offset, first, prefix = KEYS[1], redis.pcall
local function openLog(now)
  ms, offset = split(lastId(KEYS[1], KEYS[2]))
  if now > ms then ms = now end
  first, prefix = offset + 1, string.format('%.0f-', ms)
end
local function add(payload, key, headers) -- numbers below 10^14 are written exactly
  if key == '' and headers == '' then return xadd('XADD', log, prefix .. (offset + 1), 'p', payload) end
  return xadd('XADD', log, prefix .. (offset + 1), 'p', payload, 'k', key, 'h', headers)
end
-- Answers the id, or nothing and why not: out of memory, say, before the first write.
local function append(payload, key, headers)
  local id = add(payload, key, headers)
  if type(id) == 'table' and offset < first and string.find(id.err, 'equal or smaller', 1, true) then
    redis.call('HDEL', KEYS[2], 'l')
    local topMs, top = split(lastId(KEYS[1], KEYS[2]))
    ms, offset = math.max(ms, topMs), math.max(offset, top)
    first, prefix = offset + 1, string.format('%.0f-', ms)
    id = add(payload, key, headers)
  end
  if type(id) == 'table' then return nil, id.err end
  offset = offset + 1
  return id
end
