-- Guests of hosts: the second part of the function library (functions.lua stands in front of it, and its names are known here).

local GUEST_MS = 2000

-- KEYS host. ARGV now, until when it is held (ms). Answer: when it may be asked (now or before: it is held now), and 1 when that may be sooner,
-- as its owner or another guest asks it now: what stands there is the longest that this may take.
-- For one redirect that leads there. No claim is written: the owner of the shard would take it for that of a worker that is gone. A guest
-- who comes during the pause behind a request of the owner's has the next turn, for GUEST_MS (the owner may have a source due at any time);
-- then it is the owner's again.
register('host_permit', 1, 2, function(keys, args)
	local was, now = call('HMGET', keys[1], 'next_ms', 'claim', 'guest_went'), tonumber(args[1])
	local allowed = tonumber(was[1]) or 0
	if allowed <= now then
		call('HSET', keys[1], 'next_ms', args[2], 'guest_went', '1')
		call('HDEL', keys[1], 'claim', 'guest_ms')
		call('PEXPIREAT', keys[1], tonumber(args[2]) + HOST_KEPT_MS)
	elseif not was[2] and not was[3] then
		call('HSET', keys[1], 'guest_ms', allowed + GUEST_MS)
	end
	return { allowed, (was[2] or was[3]) and 1 or 0 }
end)

-- KEYS host. ARGV next (ms). What its owner has claimed meanwhile is the owner's.
register('host_permit_end', 1, 1, function(keys, args)
	if call('HEXISTS', keys[1], 'claim') == 0 then
		call('HSET', keys[1], 'next_ms', args[1])
		call('PEXPIREAT', keys[1], tonumber(args[1]) + HOST_KEPT_MS)
	end
	return 1
end)
