-- What is known of a producer, so that a batch sent again stores nothing twice (R#1), and none is stored before the one it
-- was sent behind: its last two batches, the later one first, with a '|' between: '<sequence> <ms> <first> <count>', and
-- ' <ms> <number>' if it had scheduled messages. needs: KEYS 3 producers, ARGV 1 producer, 2 sequence of the batch, 3
-- sequence that must be its last one stored, or ''
local known = redis.call('HGET', KEYS[3], ARGV[1]) or '0 0 0 0'
-- Answers an error if it is not the batch's turn; ms, first and the rest of what is known if it was stored before.
local function recognise()
  local last, sequence = tonumber(string.match(known, '^%d+')), tonumber(ARGV[2])
  if last < sequence then
    return ARGV[3] ~= '' and last ~= tonumber(ARGV[3]) and redis.error_reply('OQRON out of turn')
  end
  for batch in string.gmatch(known, '[^|]+') do
    local its, itsMs, itsFirst, rest = string.match(batch, '^(%d+) (%d+) (%d+) %d+(.*)$')
    if tonumber(its) == sequence then return false, tonumber(itsMs), tonumber(itsFirst), rest end
  end
  return redis.error_reply('OQRON batch was overtaken by a later one')
end
local function know(ms, first, count, rest)
  redis.call('HSET', KEYS[3], ARGV[1],
    string.format('%s %.0f %.0f %.0f%s|%s', ARGV[2], ms, first, count, rest, string.match(known, '^[^|]*')))
end
