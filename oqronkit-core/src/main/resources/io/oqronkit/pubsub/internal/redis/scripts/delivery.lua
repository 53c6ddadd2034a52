-- What has become of one message for one group.
-- KEYS: of the group
-- ARGV: 1 group, 2 id of the message
-- Result: {state, consumer, attempts, since in ms}, or {} if there is no such group
-- A message that is neither pending nor dead nor ahead of the group is done; "filtered" cannot be told from "handled".
-- include lib-ids
-- include lib-group
local group, id, now = ARGV[1], ARGV[2], nowMs()
local function pendingAt(key, entry, ref)
  local p = redis.call('XPENDING', key, group, entry, entry, 1)[1]
  if not p then return end
  local due = redis.call('ZSCORE', KEYS[4], ref)
  if p[2] == PARKED then return {'PARKED', '', p[4], due and tonumber(due) or now} end
  return {'PENDING', p[2], p[4], now - p[3]}
end
local function find(key)
  local from = '-'
  repeat
    local page = redis.call('XRANGE', key, from, '+', 'COUNT', 500)
    for _, entry in ipairs(page) do
      if entry[2][8] == id then return entry end
      from = '(' .. entry[1]
    end
  until #page < 500
end
local delivered
for _, g in ipairs(redis.pcall('XINFO', 'GROUPS', KEYS[1])) do
  local d = {}
  for i = 1, #g, 2 do d[g[i]] = g[i + 1] end
  if d['name'] == group then delivered = d['last-delivered-id'] end
end
if not delivered then return {} end
local state = pendingAt(KEYS[1], id, id)
if state then return state end
if isAfter(id, delivered) then return {'NOT_DELIVERED', '', 0, 0} end
local redriven = find(KEYS[2])
if redriven then return pendingAt(KEYS[2], redriven[1], 'r' .. redriven[1]) or {'NOT_DELIVERED', '', 0, 0} end
local dead = find(KEYS[5])
if dead then local at = split(dead[1]); return {'DEAD', '', tonumber(dead[2][10]), at} end
return {'DONE', '', 0, 0}
