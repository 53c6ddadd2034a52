-- What a group (lib-standing) loses of the offsets first..upTo, all just removed: what it had not read, and
-- what was pending. Counted in the meta hash. needs: lib-ids
local function dropped(stream, meta, g, first, upTo)
  local lost = math.max(upTo - math.max(g.delivered, first - 1), 0)
  local from = '-'
  local done = g.floor > upTo or g.pending == 0
  while not done do
    local page, ids = redis.call('XPENDING', stream, g.name, from, '+', 1000), {}
    done = #page < 1000
    for _, p in ipairs(page) do
      local _, offset = split(p[1])
      if offset > upTo then done = true; break end
      ids[#ids + 1] = p[1]; from = '(' .. p[1]
    end
    if #ids > 0 then lost = lost + redis.call('XACK', stream, g.name, unpack(ids)) end
  end
  if lost > 0 then redis.call('HINCRBY', meta, 'dropped:' .. g.name, lost) end
  return lost
end
