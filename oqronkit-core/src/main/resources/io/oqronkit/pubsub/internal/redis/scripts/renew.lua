-- Extends the ack deadline of what a consumer holds.
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer, then refs
-- Result: the positions (from 0) of the refs that are no longer this consumer's
-- Hazards: a bare XCLAIM would steal from whoever owns the entry now, so the owner is asked first.
-- include lib-ids
-- include lib-group
local group, me, lost = ARGV[1], ARGV[2], {}
for i = 3, #ARGV do
  local key, id = locate(ARGV[i])
  local p = redis.pcall('XPENDING', key, group, id, id, 1)
  if #p == 1 and p[1][2] == me then
    redis.call('XCLAIM', key, group, me, 0, id, 'JUSTID')
  else
    lost[#lost + 1] = i - 3
  end
end
return lost
