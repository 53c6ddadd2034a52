-- Removes a group with all it has; keys as in lib-group. Answers false if there is no such group.
local function forget(group)
  if redis.pcall('XGROUP', 'DESTROY', KEYS[1], group) ~= 1 then return false end
  redis.call('DEL', KEYS[2], KEYS[4], KEYS[5], KEYS[6])
  redis.call('HDEL', KEYS[3], 'gen:' .. group, 'prev:' .. group, 'pos:' .. group, 'floor:' .. group,
    'paused:' .. group, 'dropped:' .. group, 'epoch:' .. group, 'halted:' .. group, 'mode:' .. group,
    'abandoned:' .. group, 'empty:' .. group, 'end:' .. group)
  return true
end
