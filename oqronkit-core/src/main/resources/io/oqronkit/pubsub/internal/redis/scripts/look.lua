-- Says which of many sleepers have something to do.
-- KEYS: of each group: stream, redriven, meta; of each schedule: times, bodies
-- ARGV: of each group: 'group', its name, its state as known (generation, with 'p' behind it if paused); of each schedule: 'schedule'
-- Result: for each 0 nothing, 1 something is pending, parked or scheduled, 2 the group is gone or its state is another
local answers, key, arg = {}, 1, 1
while arg <= #ARGV do
  local answer = 0
  if ARGV[arg] == 'schedule' then
    if redis.call('EXISTS', KEYS[key], KEYS[key + 1]) > 0 then answer = 1 end
    key, arg = key + 2, arg + 1
  else
    local group = ARGV[arg + 1]
    local fresh, redriven = redis.pcall('XPENDING', KEYS[key], group), redis.pcall('XPENDING', KEYS[key + 1], group)
    local state = redis.call('HMGET', KEYS[key + 2], 'gen:' .. group, 'paused:' .. group)
    if fresh.err or redriven.err or (state[1] or '1') .. (state[2] and 'p' or '') ~= ARGV[arg + 2] then answer = 2
    elseif fresh[1] + redriven[1] > 0 then answer = 1 end
    key, arg = key + 3, arg + 3
  end
  answers[#answers + 1] = answer
end
return answers
