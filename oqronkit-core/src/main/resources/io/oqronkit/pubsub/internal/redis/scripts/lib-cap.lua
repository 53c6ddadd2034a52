-- The cap of a partition: an error if the new ones of these messages have no room, else nothing. Those whose idempotency
-- key is known are not new; keyOf holds keys by place. needs: lib-idempotency
local function refusedByCap(stream, cap, count, keyOf, now)
  local room = tonumber(cap) - redis.call('XLEN', stream)
  if count <= room then return end
  for _, key in pairs(keyOf) do if knownId(key, now) then count = count - 1 end end
  if count <= room then return end
  local topic, partition = string.match(stream, '{(.*):(%d+)}')
  return redis.error_reply(string.format(
    "OQRON full: topic '%s' has no room for %d more in partition %s, whose share of retention.cap is %s messages",
    topic, count, partition, cap))
end
