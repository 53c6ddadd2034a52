-- Stores a batch of messages in one partition, all or nothing: in the log, with dense offsets, or in the schedule.
-- KEYS: 1 stream, 2 meta, 3 producers, 4 idempotency keys, 5 their expiry, 6 schedule, 7 bodies of scheduled messages
-- ARGV: 1 producer, 2 sequence of the batch, 3 sequence that must be its last one stored or '', 4 number of messages, 5 ms
--       for which idempotency keys are remembered, 6 most messages in the partition or '', 7 what is told of each message:
--       1 (payload) or 3 (payload, key, headers), then that for each message; then for those with an idempotency key or a
--       later time: place (from 1), idempotency key or '', time or ''
-- Result: {ms, first offset, 1 if this batch was stored before, then for each message that was there already or is
--          scheduled: place, ms, offset (its number below 0 if scheduled), 1 if it was there already}; the others have the
--          ids '<ms>-<first>', '<ms>-<first+1>', ... in their order
-- Hazards: R#1 a batch sent again stores nothing twice, and none is stored before the one it was sent behind; those of
-- lib-log.
-- XADD, or HSET, comes first of all writes: under memory pressure it fails and nothing has happened.
-- include lib-ids
-- include lib-log
-- include lib-schedule
-- include lib-idempotency
-- include lib-cap
-- include lib-again
local count, window, parts, now, keyOf, timeOf = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[7]), nowMs(), {}, {}
for i = 8 + parts * count, #ARGV, 3 do
  local place = tonumber(ARGV[i])
  if ARGV[i + 1] ~= '' then keyOf[place] = ARGV[i + 1] end
  if ARGV[i + 2] ~= '' then timeOf[place] = ARGV[i + 2] end
end
local result
local function elsewhere(place, id, there)
  local itsMs, itsOffset = split(id)
  for _, part in ipairs({place, itsMs, itsOffset, there}) do result[#result + 1] = part end
end

local seen, sequence = redis.call('HGET', KEYS[3], ARGV[1]) or '0 0 0 0', tonumber(ARGV[2])
local last = tonumber(string.match(seen, '^%d+'))
if last >= sequence then
  local itsMs, itsFirst, scheduled = storedBefore(seen, sequence)
  if not itsMs then return redis.error_reply('OQRON batch was overtaken by a later one') end
  result = {itsMs, itsFirst, 1}
  sentAgain(count, itsFirst, scheduled, keyOf, timeOf, elsewhere)
  return result
end
if ARGV[3] ~= '' and last ~= tonumber(ARGV[3]) then return redis.error_reply('OQRON out of turn') end

local refused = ARGV[6] ~= '' and refusedByCap(KEYS[1], ARGV[6], count, keyOf, timeOf, now)
if refused then return refused end

openLog(now)
local number
if next(timeOf) then -- a key of a wrong type must show before the first write
  redis.call('XLEN', KEYS[1]); redis.call('ZCARD', KEYS[6]); redis.call('HLEN', KEYS[7])
  number = lastNumber()
end
result = {ms, first, 0}
for place = 1, count do
  local a, key, time = 8 + parts * (place - 1), keyOf[place], timeOf[place]
  local payload, partitionKey, headers = ARGV[a], parts > 1 and ARGV[a + 1] or '', parts > 1 and ARGV[a + 2] or ''
  local known = key and knownId(key, now)
  if known then elsewhere(place, known, 1)
  elseif time then
    local id, due = scheduledId(time, now, number + place)
    schedule(due, number + place, payload, partitionKey, headers, key or '')
    elsewhere(place, id, 0)
    if key then remember(key, id, now, math.max(due, now) + window) end
  else
    local id, why = append(payload, partitionKey, headers)
    if why then return redis.error_reply(why) end
    if key then remember(key, id, now, now + window) end
  end
end
result[1], result[2] = ms, first -- the log's end may have turned out to lie further on
redis.call('HSET', KEYS[2], 'l', join(ms, offset))
local scheduled = ''
if number then
  redis.call('HSET', KEYS[2], 'z', string.format('%.0f', number + count))
  scheduled = string.format(' %.0f %.0f', now, number)
end
redis.call('HSET', KEYS[3], ARGV[1], string.format('%s %.0f %.0f %.0f', ARGV[2], ms, first, offset + 1 - first) .. scheduled
  .. '|' .. string.match(seen, '^[^|]*'))
return result
