-- What a forecast of losses needs (R#27): {} if the group has finished everything. needs: lib-ids, lib-position
local LATELY_MS = 60000
local function outlook(stream, group, delivered, last)
  local now, unread = nowMs(), redis.call('XRANGE', stream, '(' .. delivered, '+', 'COUNT', 1)[1]
  local oldest = redis.call('XPENDING', stream, group)[2] or unread and unread[1]
  if not oldest then return {} end
  if unread and isAfter(oldest, unread[1]) then oldest = unread[1] end -- after a replay
  local ms, offset = split(oldest)
  local recent = firstFrom(stream, now - LATELY_MS)
  if not recent then return {now - ms, last - offset + 1, 0, LATELY_MS} end
  local recentMs, from = split(recent[1])
  local nothingOlder = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1][1] == recent[1]
  return {now - ms, last - offset + 1, last - from + 1, nothingOlder and math.max(now - recentMs, 1000) or LATELY_MS}
end
