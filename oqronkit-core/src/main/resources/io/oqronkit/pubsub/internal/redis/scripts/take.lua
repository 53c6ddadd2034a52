-- Gives a new owner what is pending on its partition, whoever had it, in the order of the log, page by page. Attempts stay
-- as they are: which entries had been started is not known, so each is counted when it really starts (attempt.lua).
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer, 3 lease, 4 ref of the last one taken or '', 5 how many at most, 6 ms after which the name of a
--       silent consumer with nothing pending is removed (R#37), 7 id of the newest message seen
-- Result: {1 if the lease holds, {{ref, attempts, payload, key, headers, original id}...}, ref of the last one looked at or ''
--          if there is no more, state}
-- Hazards: R#25: an entry trimmed away while pending leaves a ghost to ack.
-- include lib-ids
-- include lib-group
local group, me, last, left, taken = ARGV[1], ARGV[2], ARGV[4], tonumber(ARGV[5]), {}
if not leased(ARGV[3]) then return {0, {}, '', stateOf(group, ARGV[7])} end
local function page(key, prefix, from)
  local found = redis.call('XPENDING', key, group, from, '+', left)
  for _, p in ipairs(found) do
    last = prefix .. p[1]
    left = left - 1
    redis.call('ZREM', KEYS[4], last)
    local entry = redis.call('XRANGE', key, p[1], p[1])[1]
    if entry then
      redis.call('XCLAIM', key, group, me, 0, p[1], 'RETRYCOUNT', p[4], 'JUSTID')
      local f = entry[2]
      taken[#taken + 1] = {last, p[4], f[2], f[4] or '', f[6] or '', f[8] or ''}
    else
      finish(group, last)
    end
  end
end
local from = last == '' and '-' or '(' .. last
if not isRedriven(last) then page(KEYS[1], '', from); from = '-' else from = '(' .. string.sub(last, 2) end
if left > 0 then page(KEYS[2], 'r', from) end
if left > 0 then
  last = ''
  for at = 1, 2 do
    for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[at], group)) do
      if c[2] ~= me and c[4] == 0 and c[6] > tonumber(ARGV[6]) then
        redis.call('XGROUP', 'DELCONSUMER', KEYS[at], group, c[2])
      end
    end
  end
end
return {1, taken, last, stateOf(group, ARGV[7])}
