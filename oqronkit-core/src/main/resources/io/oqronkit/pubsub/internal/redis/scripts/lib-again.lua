-- A special batch that was stored before: tells elsewhere(place, id, 1) of each message that does not lie in the log where its place
-- in the batch says, beginning at first; scheduled is ' <ms> <number>' of the batch, or ''. needs: lib-ids, lib-schedule,
-- KEYS 4 idempotency keys
local function sentAgain(count, first, scheduled, keyOf, timeOf, elsewhere)
  local following, at, number = first, string.match(scheduled, ' (%d+) (%d+)')
  for place = 1, count do
    local known = keyOf[place] and redis.call('HGET', KEYS[4], keyOf[place])
    local _, itsOffset = split(known or '0-0')
    if known and (timeOf[place] or itsOffset ~= following) then elsewhere(place, known, 1)
    elseif timeOf[place] then elsewhere(place, scheduledId(timeOf[place], at, number + place), 1)
    else following = following + 1 end
  end
end
