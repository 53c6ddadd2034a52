-- Removes a consumer that has nothing pending. With something pending it stays: XGROUP DELCONSUMER would drop that
-- silently (R finding 6); the next process to sweep takes it over.
-- KEYS: of the group
-- ARGV: 1 group, 2 consumer
-- Result: {1 if it is gone}
local gone = 1
for at = 1, 2 do
  if #redis.call('XPENDING', KEYS[at], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[at], ARGV[1], ARGV[2])
  else
    gone = 0
  end
end
return {gone}
