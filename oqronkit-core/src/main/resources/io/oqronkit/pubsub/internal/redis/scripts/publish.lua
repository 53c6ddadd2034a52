-- Stores a batch of messages in one partition, all or nothing, with dense offsets.
-- KEYS: 1 stream, 2 meta, 3 producers, 4 idempotency keys, 5 their expiry
-- ARGV: 1 producer, 2 sequence of the batch, 3 number of messages, 4 ms for which idempotency keys are remembered,
--       5 most messages in the partition or '',
--       then for each message: payload, key, headers; then for those with an idempotency key: place (from 1), key
-- Result: {ms, first offset, 1 if this batch was stored before, then for each message that was there already: place, ms,
--          offset}; the others have the ids '<ms>-<first>', '<ms>-<first+1>', ... in their order
-- Hazards: R#1 a batch sent again stores nothing twice; R#9 the clock may step back; R#11 the meta hash may be lost.
-- XADD comes first of all writes: under memory pressure it fails and nothing has happened.
-- include lib-ids
-- include lib-idempotency
-- include lib-cap
local stream, count, now, keyOf = KEYS[1], tonumber(ARGV[3]), nowMs(), {}
for i = 6 + 3 * count, #ARGV, 2 do keyOf[tonumber(ARGV[i])] = ARGV[i + 1] end
local ms, offset = split(lastId(stream, KEYS[2]))
if now > ms then ms = now end
local first, prefix, result = offset + 1, string.format('%.0f-', ms), {ms, offset + 1, 0}
local function alreadyThere(place, id)
  local itsMs, itsOffset = split(id)
  result[#result + 1] = place; result[#result + 1] = itsMs; result[#result + 1] = itsOffset
end

local seen = redis.call('HGET', KEYS[3], ARGV[1])
local sequence, seenMs, seenFirst, stored = string.match(seen or '0 0 0 0', '^(%d+) (%d+) (%d+) (%d+)$')
if tonumber(sequence) > tonumber(ARGV[2]) then return redis.error_reply('OQRON batch was overtaken by a later one') end
if tonumber(sequence) == tonumber(ARGV[2]) then
  result = {tonumber(seenMs), tonumber(seenFirst), 1}
  for place = 1, count do
    local known = keyOf[place] and redis.call('HGET', KEYS[4], keyOf[place])
    local _, itsOffset = split(known or '0-0')
    local own = itsOffset >= result[2] and itsOffset < result[2] + stored
    if known and not own then alreadyThere(place, known) end
  end
  return result
end

local refused = ARGV[5] ~= '' and refusedByCap(stream, ARGV[5], count, keyOf, now)
if refused then return refused end

local function add(a) -- numbers below 10^14 are written exactly
  return redis.pcall('XADD', stream, prefix .. (offset + 1), 'p', ARGV[a], 'k', ARGV[a + 1], 'h', ARGV[a + 2])
end
for place = 1, count do
  local key, a = keyOf[place], 3 + 3 * place
  local known = key and knownId(key, now)
  if known then alreadyThere(place, known) else
    local id = add(a)
    if type(id) == 'table' and id.err and offset < first and string.find(id.err, 'equal or smaller', 1, true) then
      redis.call('HDEL', KEYS[2], 'l')
      local topMs, top = split(lastId(stream, KEYS[2]))
      ms, offset = math.max(ms, topMs), math.max(offset, top)
      first, prefix, result[1], result[2] = offset + 1, string.format('%.0f-', ms), ms, offset + 1
      id = add(a)
    end
    if type(id) == 'table' and id.err then return redis.error_reply(id.err) end
    offset = offset + 1
    if key then remember(key, id, now, ARGV[4]) end
  end
end
redis.call('HSET', KEYS[2], 'l', join(ms, offset))
redis.call('HSET', KEYS[3], ARGV[1], string.format('%s %.0f %.0f %.0f', ARGV[2], ms, first, offset + 1 - first))
return result
