-- The second part of the library (functions.lua is the first, and says the rules; the Makefile joins them): subscriptions at hubs.

-- KEYS lease, websub, due. ARGV token, source id, record ('' = there is none any more), polled no later than (ms; 0 = as planned).
register_owned('subscription_keep', 3, 4, function(keys, args)
	local id, record, latest = args[2], args[3], tonumber(args[4])
	local due = tonumber(call('ZSCORE', keys[3], id) or 0)
	if record == '' then
		call('HDEL', keys[2], id)
	else
		call('HSET', keys[2], id, record)
	end
	if latest > 0 and due > latest then
		call('ZADD', keys[3], latest, id)
	end
	return 1
end)

-- By a crawler that has not the shard: what a hub told it. KEYS websub. ARGV source id, record as it was read, record as it is now. Answer: 1,
-- or 0 when it changed meanwhile.
register('subscription_exchange', 1, 3, function(keys, args)
	if call('HGET', keys[1], args[1]) ~= args[2] then
		return 0
	end
	call('HSET', keys[1], args[1], args[3])
	return 1
end)

-- KEYS lease, seen. ARGV token, entries kept, then post id and fingerprint@ms of each entry.
register_owned('source_shown', 2, 2, function(keys, args)
	local shown = {}
	for i = 3, #args do
		shown[#shown + 1] = args[i]
	end
	call_many('HSET', keys[2], shown, 2)
	forget_old_entries(keys[2], tonumber(args[2]))
	return 1
end)

-- A hub is a host: one request at a time, its pause behind it. Among the sources of one shard Redis keeps to that; one crawler does among
-- all. KEYS lease, host. ARGV token, now (ms), hold (ms). Answer: when it may be asked; not later than now = go.
register_owned('hub_claim', 2, 3, function(keys, args)
	local now, was = tonumber(args[2]), call('HMGET', keys[2], 'next_ms', 'claim')
	local allowed = tonumber(was[1]) or 0
	if was[2] and was[2] ~= args[1] then
		allowed = now + 1000 -- its owner is gone, and its request with it
		call('HSET', keys[2], 'next_ms', allowed)
		call('HDEL', keys[2], 'claim')
	end
	if allowed <= now then
		local again = now + tonumber(args[3])
		call('HSET', keys[2], 'next_ms', again, 'claim', args[1])
		call('PEXPIREAT', keys[2], again + HOST_KEPT_MS)
	end
	return allowed
end)

-- KEYS lease, host. ARGV token, next (ms), 1 = the request is over, 0 = it goes on.
register_owned('hub_leave', 2, 3, function(keys, args)
	call('HSET', keys[2], 'next_ms', args[2])
	if args[3] == '1' then
		call('HDEL', keys[2], 'claim')
	end
	call('PEXPIREAT', keys[2], tonumber(args[2]) + HOST_KEPT_MS)
	return 1
end)
