-- Applies retention to the dead letters of a group on a partition; what it removes is counted as dropped.
-- KEYS: of the group
-- ARGV: 1 group, 2 dead letters to keep or '', 3 age to keep in ms or ''
-- Result: {removed}
-- include lib-ids
local removed = 0
if ARGV[2] ~= '' then removed = redis.call('XTRIM', KEYS[5], 'MAXLEN', ARGV[2]) end
if ARGV[3] ~= '' then
  removed = removed + redis.call('XTRIM', KEYS[5], 'MINID', string.format('%.0f-0', nowMs() - tonumber(ARGV[3])))
end
if removed > 0 then redis.call('HINCRBY', KEYS[3], 'dropped:' .. ARGV[1], removed) end
return {removed}
