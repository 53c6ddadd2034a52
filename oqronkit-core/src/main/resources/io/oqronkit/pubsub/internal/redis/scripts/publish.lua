-- Stores a batch of messages in one partition, all or nothing, with dense offsets.
-- KEYS: 1 stream, 2 meta, 3 producers
-- ARGV: 1 producer, 2 sequence of the batch, 3 sequence that must be its last one stored or '', 4 what is told of each
--       message: 1 (payload) or 3 (payload, key, headers), then that for each message
-- Result: {ms, first offset, 1 if the batch was stored before}; its messages have the ids '<ms>-<first>', '<ms>-<first+1>',
--         ... in their order
-- Hazards: R#1 by lib-producer; those of lib-log. XADD comes first of all writes: under memory pressure it fails and nothing
-- has happened.
-- include lib-ids
-- include lib-log
-- include lib-producer
local refused, itsMs, itsFirst = recognise()
if refused then return refused end
if itsMs then return {itsMs, itsFirst, 1} end

openLog(nowMs())
local parts = tonumber(ARGV[4])
for a = 5, #ARGV, parts do
  if parts == 1 and a > 5 then -- behind the first one none is refused, and payloads alone need no more than this
    offset = offset + 1
    redis.call('XADD', KEYS[1], prefix .. offset, 'p', ARGV[a])
  else
    local _, why = append(ARGV[a], parts > 1 and ARGV[a + 1] or '', parts > 1 and ARGV[a + 2] or '')
    if why then return redis.error_reply(why) end
  end
end
redis.call('HSET', KEYS[2], 'l', join(ms, offset))
know(ms, first, offset + 1 - first, '')
return {ms, first, 0}
