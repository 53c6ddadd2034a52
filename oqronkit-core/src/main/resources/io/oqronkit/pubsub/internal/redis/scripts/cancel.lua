-- Takes a scheduled message back.
-- KEYS: 1 schedule, 2 bodies
-- ARGV: 1 number of the message
-- Result: {1 if it still waited}
redis.call('ZREM', KEYS[1], ARGV[1])
return {redis.call('HDEL', KEYS[2], ARGV[1])}
