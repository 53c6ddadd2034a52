-- Keys of a group: 1 stream, 2 redriven, 3 meta, 4 parked, 5 dead letters, 6 owner. needs: lib-ids
-- A ref names an entry of the group: '<id>' lies in the topic's stream, 'r<id>' among the group's redriven messages.
local REDRIVEN = 114 -- 'r'
local PARKED = '__parked'
local function isRedriven(ref) return string.byte(ref) == REDRIVEN end
local function locate(ref)
  if isRedriven(ref) then return KEYS[2], string.sub(ref, 2) end
  return KEYS[1], ref
end
-- In an ordered group a partition has one owner, and only what is done under its present lease counts (R#38). The empty
-- lease stands for a competing group, which has no owners.
local function leased(lease) return lease == '' or redis.call('GET', KEYS[6]) == lease end
-- What settles must not wait for memory: what is not settled holds retention back, and nothing else would make room. A script
-- whose first write needs no memory may go on when memory is full; this one changes nothing.
local function goOnWhenMemoryIsFull() redis.call('HDEL', KEYS[3], '-') end
-- Done with an entry: a redriven one exists for this group alone and is deleted with it.
local function finish(group, ref)
  local key, id = locate(ref)
  redis.call('XACK', key, group, id)
  if key == KEYS[2] then redis.call('XDEL', key, id) end
end
-- A settlement counts only from the consumer that holds the entry, for the attempt it holds (R#22).
local function holds(group, consumer, ref, attempt)
  local key, id = locate(ref)
  local p = redis.call('XPENDING', key, group, id, id, 1)
  return #p == 1 and p[1][2] == consumer and p[1][4] == tonumber(attempt)
end
-- A replay hands out again what lies behind its position; settlements of deliveries made before it are refused there (R#17).
local function isCurrent(group, generation, ref)
  if isRedriven(ref) then return true end
  local f = redis.call('HMGET', KEYS[3], 'gen:' .. group, 'prev:' .. group, 'pos:' .. group)
  return not f[1] or f[1] == generation or (f[2] == generation and not isAfter(ref, f[3]))
end
-- R#4: the log was set back if the newest message a process has seen lies beyond its end, or if what stands behind that
-- message has its offset or a lower one: published since, and by now the log may be longer than ever.
local function isSetBack(seen, last)
  if seen == '' or not last then return false end
  if isAfter(seen, last) then return true end
  local behind = redis.call('XRANGE', KEYS[1], '(' .. seen, '+', 'COUNT', 1)[1]
  if not behind then return false end
  local _, offset = split(seen)
  local _, offsetBehind = split(behind[1])
  return offsetBehind <= offset
end
-- What every process must know of the group; see GroupState. The id of the newest message it has seen may be ''.
local function stateOf(group, seen)
  local state = redis.call('HMGET', KEYS[3], 'gen:' .. group, 'prev:' .. group, 'pos:' .. group, 'paused:' .. group,
    'halted:' .. group, 'history', 'l')
  state[8] = isSetBack(seen, state[7]) and '1'
  return state
end
