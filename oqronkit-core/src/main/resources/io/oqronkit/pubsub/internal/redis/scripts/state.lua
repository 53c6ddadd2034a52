-- Answers the state of a group on a partition; see GroupState.
-- KEYS: of the group
-- ARGV: 1 group, 2 id of the newest message that the caller has seen, or ''
-- Result: state
-- Hazards: R#4, by lib-group.
-- include lib-ids
-- include lib-group
return stateOf(ARGV[1], ARGV[2])
