-- Begins a shadow replay on a partition: resolves its range and makes its temporary group at the start of it.
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer, 3 kind of the position it begins at, 4 its value, 5 kind of the exclusive end, 6 its value
-- Result: {messages in the range, offset of the last of them}; where there are none, no group is made
-- One step, so what is published or trimmed meanwhile does not move the range. Its size is a subtraction, since offsets
-- are dense.
-- include lib-ids
-- include lib-position
local group, stream, meta = ARGV[1], KEYS[1], KEYS[3]
local start, stop = resolve(stream, meta, ARGV[3], ARGV[4]), resolve(stream, meta, ARGV[5], ARGV[6])
local _, newest = split(lastId(stream, meta))
local _, from = split(start); local _, to = split(stop)
local count = to - math.max(from, newest - redis.call('XLEN', stream))
if count < 1 then return {0, to} end
redis.call('XGROUP', 'CREATE', stream, group, start)
redis.call('XGROUP', 'CREATE', KEYS[2], group, '0', 'MKSTREAM')
redis.call('XGROUP', 'CREATECONSUMER', stream, group, ARGV[2])
redis.call('XGROUP', 'CREATECONSUMER', KEYS[2], group, ARGV[2])
redis.call('HSET', meta, 'gen:' .. group, 1, 'end:' .. group, string.format('%.0f', to))
return {count, to}
