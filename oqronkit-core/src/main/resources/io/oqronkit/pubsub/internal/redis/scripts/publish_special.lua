-- As publish, for a batch in which some message has an idempotency key or a later time, or a partition with a cap: stores
-- its messages, all or nothing, in the log, with dense offsets, or in the schedule.
-- KEYS: 1 stream, 2 meta, 3 producers, 4 idempotency keys, 5 their expiry, 6 schedule, 7 bodies of scheduled messages
-- ARGV: 1 to 3 as of publish, 4 number of messages, 5 ms for which idempotency keys are remembered, 6 most messages in the
--       partition or '', 7 to 6 + 3 * number: for each message payload, key, headers; then for those with an idempotency
--       key or a later time: place (from 1), idempotency key or '', time or ''
-- Result: {ms, first offset, 1 if this batch was stored before, then for each message that was there already or is
--          scheduled: place, ms, offset (its number below 0 if scheduled), 1 if it was there already}; the others have the
--          ids '<ms>-<first>', '<ms>-<first+1>', ... in their order
-- Hazards: those of publish; HSET may come first of all writes, too.
-- include lib-ids
-- include lib-log
-- include lib-producer
-- include lib-schedule
-- include lib-idempotency
-- include lib-cap
-- include lib-again
local count, window, now, keyOf, timeOf = tonumber(ARGV[4]), tonumber(ARGV[5]), nowMs(), {}, {}
for i = 7 + 3 * count, #ARGV, 3 do
  local place = tonumber(ARGV[i])
  if ARGV[i + 1] ~= '' then keyOf[place] = ARGV[i + 1] end
  if ARGV[i + 2] ~= '' then timeOf[place] = ARGV[i + 2] end
end
local result
local function elsewhere(place, id, there)
  local itsMs, itsOffset = split(id)
  for _, part in ipairs({place, itsMs, itsOffset, there}) do result[#result + 1] = part end
end

local refused, itsMs, itsFirst, scheduled = recognise()
if refused then return refused end
if itsMs then
  result = {itsMs, itsFirst, 1}
  sentAgain(count, itsFirst, scheduled, keyOf, timeOf, elsewhere)
  return result
end
refused = ARGV[6] ~= '' and refusedByCap(KEYS[1], ARGV[6], count, keyOf, timeOf, now)
if refused then return refused end

openLog(now)
local number
if next(timeOf) then -- a key of a wrong type must show before the first write
  redis.call('XLEN', KEYS[1]); redis.call('ZCARD', KEYS[6]); redis.call('HLEN', KEYS[7])
  number = lastNumber()
end
result = {ms, first, 0}
for place = 1, count do
  local a, key, time = 4 + 3 * place, keyOf[place], timeOf[place]
  local there = key and knownId(key, now)
  if there then elsewhere(place, there, 1)
  elseif time then
    local id, due = scheduledId(time, now, number + place)
    schedule(due, number + place, ARGV[a], ARGV[a + 1], ARGV[a + 2], key or '')
    elsewhere(place, id, 0)
    if key then remember(key, id, now, math.max(due, now) + window) end
  else
    local id, why = append(ARGV[a], ARGV[a + 1], ARGV[a + 2])
    if why then return redis.error_reply(why) end
    if key then remember(key, id, now, now + window) end
  end
end
result[1], result[2] = ms, first -- the log's end may have turned out to lie further on
redis.call('HSET', KEYS[2], 'l', join(ms, offset))
scheduled = ''
if number then
  redis.call('HSET', KEYS[2], 'z', string.format('%.0f', number + count))
  scheduled = string.format(' %.0f %.0f', now, number)
end
know(ms, first, offset + 1 - first, scheduled)
return result
