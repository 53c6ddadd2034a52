-- An entry id is '<ms>-<offset>'. Both halves stay below 2^53, so Lua numbers hold them exactly.
local function split(id)
  local ms, offset = string.match(id, '(%d+)%-(%-?%d+)')
  return tonumber(ms), tonumber(offset)
end
local function join(ms, offset) return string.format('%.0f-%.0f', ms, offset) end
-- Offsets are dense, so the id just below an entry is known without looking: reading after it begins with the entry.
local function before(id) local ms, offset = split(id); return join(ms, offset - 1) end
local function isAfter(a, b)
  local am, ao = split(a); local bm, bo = split(b)
  return am > bm or (am == bm and ao > bo)
end
local function nowMs()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
-- The highest id a stream has ever had; '0-0' if there is no stream.
local function generatedId(stream)
  local info = redis.pcall('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do if info[i] == 'last-generated-id' then return info[i + 1] end end
  return '0-0'
end
-- The highest id ever given: kept in the meta hash; where that is lost (R#11), the stream itself remembers.
local function lastId(stream, meta) return redis.call('HGET', meta, 'l') or generatedId(stream) end
