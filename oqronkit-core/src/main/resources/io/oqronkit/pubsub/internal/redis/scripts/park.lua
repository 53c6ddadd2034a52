-- Puts deliveries aside until a later time: a retry after a backoff, or a hand-back (delay 0, attempts as before).
-- They stay pending, so that retention keeps them, but under a consumer of their own: no worker is held by a backoff.
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer, 3 delay in ms, then for each: generation, ref, attempt, attempts to store
-- Result: {how many were parked}; the others are held by somebody else by now
-- Hazards: R#22, R#17, R#28 (idle time cannot hold long delays). ZADD comes before XCLAIM: where it fails, nothing has happened. Full memory does not stop it.
-- include lib-ids
-- include lib-group
local group, due, parked = ARGV[1], nowMs() + tonumber(ARGV[3]), 0
goOnWhenMemoryIsFull()
for i = 4, #ARGV, 4 do
  local generation, ref, attempt, store = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if holds(group, ARGV[2], ref, attempt) and isCurrent(group, generation, ref) then
    local key, id = locate(ref)
    redis.call('ZADD', KEYS[4], string.format('%.0f', due), ref)
    redis.call('XCLAIM', key, group, PARKED, 0, id, 'RETRYCOUNT', store, 'JUSTID')
    parked = parked + 1
  end
end
return {parked}
