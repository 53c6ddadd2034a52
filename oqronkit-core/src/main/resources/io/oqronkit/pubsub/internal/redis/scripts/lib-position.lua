-- The id after which a group must read to begin at a position. needs: lib-ids
local function firstFrom(stream, ms) return redis.call('XRANGE', stream, string.format('%.0f-0', ms), '+', 'COUNT', 1)[1] end
-- Finds an offset by its time: of two ids the later has the later ms, and within one ms offsets are dense.
local function idOfOffset(stream, first, last, wanted)
  local low, high = split(first), split(last)
  while low < high do
    local middle = math.ceil((low + high) / 2)
    local entry = firstFrom(stream, middle)
    local _, offset = split(entry[1])
    if offset <= wanted then low = middle else high = middle - 1 end
  end
  return join(low, wanted)
end
local function resolve(stream, meta, kind, value)
  local last = lastId(stream, meta)
  local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
  if kind == 'latest' or not first then return last end
  if kind == 'earliest' then return before(first[1]) end
  if kind == 'after' then return isAfter(value, last) and last or value end
  if kind == 'timestamp' then
    local entry = firstFrom(stream, tonumber(value))
    return entry and before(entry[1]) or last
  end
  local wanted = tonumber(value)
  local _, lowest = split(first[1]); local _, highest = split(last)
  if wanted > highest then return last end
  if wanted <= lowest then return before(first[1]) end
  return before(idOfOffset(stream, first[1], last, wanted))
end
