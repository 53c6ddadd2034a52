-- Reads new entries for the owner of a partition, and for nobody else (R#38).
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer, 3 lease, 4 how many of each stream at most, 5 id of the newest message seen
-- Result: {1 if the lease holds, {{ref, 1, payload, key, headers, original id}...}, last id of the log, last id of the
--          redriven, state}; the ids only where there was nothing to read: behind them the next entry comes
-- include lib-ids
-- include lib-group
local group = ARGV[1]
local state = stateOf(group, ARGV[5])
if not leased(ARGV[3]) then return {0, {}, '', '', state} end
local reply = not (state[4] or state[5]) and redis.call('XREADGROUP', 'GROUP', group, ARGV[2], 'COUNT', ARGV[4],
  'STREAMS', KEYS[1], KEYS[2], '>', '>')
local read = {}
for _, stream in ipairs(reply or {}) do
  local prefix = stream[1] == KEYS[2] and 'r' or ''
  for _, entry in ipairs(stream[2]) do
    local f = entry[2]
    read[#read + 1] = {prefix .. entry[1], 1, f[2], f[4] or '', f[6] or '', f[8] or ''}
  end
end
if #read > 0 then return {1, read, '', '', state} end
return {1, read, lastId(KEYS[1], KEYS[3]), generatedId(KEYS[2]), state}
