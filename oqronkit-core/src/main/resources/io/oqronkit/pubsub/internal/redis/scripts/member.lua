-- Says that an instance takes part in an ordered group, and who else does.
-- KEYS: 1 members: instance -> when it joined, until when it counts
-- ARGV: 1 instance, 2 ms for which it counts unless it says so again, 0 to leave
-- Result: {ms until the next of the others no longer counts, or -1, then the members, the longest one first}
-- Who joined first keeps its place, so a newcomer takes no partition from somebody who has a fair share. The PEXPIRE comes
-- first: see acquire.lua; it also ends the list a day after the last one is gone.
-- include lib-ids
local me, now, soonest, members = ARGV[1], nowMs(), -1, {}
redis.call('PEXPIRE', KEYS[1], 86400000)
local all, joined = redis.call('HGETALL', KEYS[1]), now
for i = 1, #all, 2 do
  local since, till = string.match(all[i + 1], '(%d+) (%d+)')
  if all[i] == me then joined = tonumber(since)
  elseif tonumber(till) <= now then redis.call('HDEL', KEYS[1], all[i])
  else
    members[#members + 1] = {all[i], tonumber(since)}
    soonest = soonest < 0 and till - now or math.min(soonest, till - now)
  end
end
if tonumber(ARGV[2]) > 0 then
  members[#members + 1] = {me, joined}
  redis.call('HSET', KEYS[1], me, string.format('%.0f %.0f', joined, now + ARGV[2]))
else
  redis.call('HDEL', KEYS[1], me)
end
table.sort(members, function(a, b) return a[2] < b[2] or (a[2] == b[2] and a[1] < b[1]) end)
local result = {soonest}
for i, member in ipairs(members) do result[i + 1] = member[1] end
return result
