-- Gives dead letters back to their group, as messages only this group reads; attempts begin again.
-- KEYS: of the group
-- ARGV: 1 'one' | 'all', 2 original id of the one, or id of the last dead letter to take, 3 most to move in this call
-- Result: {how many were moved}
-- XADD comes before XDEL: out of memory, the dead letter stays where it is.
local moved, limit = 0, tonumber(ARGV[3])
local function move(entry)
  local f = entry[2]
  redis.call('XADD', KEYS[2], '*', 'p', f[2], 'k', f[4], 'h', f[6], 'i', f[8])
  redis.call('XDEL', KEYS[5], entry[1])
  moved = moved + 1
end
if ARGV[1] == 'all' then
  for _, entry in ipairs(redis.call('XRANGE', KEYS[5], '-', ARGV[2], 'COUNT', limit)) do move(entry) end
  return {moved}
end
local from = '-'
repeat
  local page = redis.call('XRANGE', KEYS[5], from, '+', 'COUNT', 500)
  for _, entry in ipairs(page) do
    if entry[2][8] == ARGV[2] then move(entry); return {moved} end
    from = '(' .. entry[1]
  end
until #page < 500
return {moved}
