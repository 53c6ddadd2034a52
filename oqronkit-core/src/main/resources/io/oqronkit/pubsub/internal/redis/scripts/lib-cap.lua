-- The cap of a partition: an error if there is no room for those of these messages that enter the log now, else nothing.
-- Those whose idempotency key is known, or whose time (by place) has not come, do not. needs: lib-idempotency
local function refusedByCap(stream, cap, count, keyOf, timeOf, now)
  local room, entering = tonumber(cap) - redis.call('XLEN', stream), 0
  if count <= room then return end
  for place = 1, count do
    local known = keyOf[place] and knownId(keyOf[place], now)
    if not known and not timeOf[place] then entering = entering + 1 end
  end
  if entering <= room then return end
  local topic, partition = string.match(stream, '{(.*):(%d+)}')
  return redis.error_reply(string.format(
    "OQRON full: topic '%s' has no room for %d more in partition %s, whose share of retention.cap is %s messages",
    topic, entering, partition, cap))
end
