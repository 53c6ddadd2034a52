-- Gives dead letters back to their group, as messages only this group reads; attempts begin again, redrives are counted.
-- KEYS: of the group
-- ARGV: 1 'one', 2 original id of the one; or 1 'these', then ids of dead letters in their own stream
-- Result: {how many were moved}; the others are no longer there
-- XADD comes before XDEL: out of memory, the dead letter stays where it is.
local moved = 0
local function move(entry)
  local f = entry[2]
  redis.call('XADD', KEYS[2], '*', 'p', f[2], 'k', f[4], 'h', f[6], 'i', f[8],
    'n', string.format('%.0f', tonumber(f[14] or '0') + 1))
  redis.call('XDEL', KEYS[5], entry[1])
  moved = moved + 1
end
if ARGV[1] == 'these' then
  for i = 2, #ARGV do
    local entry = redis.call('XRANGE', KEYS[5], ARGV[i], ARGV[i])[1]
    if entry then move(entry) end
  end
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
