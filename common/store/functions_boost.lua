-- The part of the library (functions.lua says its rules) about polling sooner: where mentions of a brand were found lately, and due times that
-- come forward while it is in alert.

-- KEYS lease, then found of each brand. ARGV token, source id, now (ms), how long a source is remembered (ms), how many of a shard are.
register_owned('source_found', 2, 5, function(keys, args)
	local now, kept, most = tonumber(args[3]), tonumber(args[4]), tonumber(args[5])
	for i = 2, #keys do
		call('ZCARD', keys[i])
	end
	for i = 2, #keys do
		call('ZADD', keys[i], now, args[2])
		call('ZREMRANGEBYSCORE', keys[i], '-inf', now - kept)
		local surplus = call('ZCARD', keys[i]) - most
		if surplus > 0 then
			call('ZREM', keys[i], unpack(call('ZRANGE', keys[i], 0, math.min(surplus, CHUNK) - 1)))
		end
		call('PEXPIRE', keys[i], kept)
	end
	return #keys - 1
end)

-- Comes forward, never back; a pause that people asked for stays. KEYS lease, due, paused, source. ARGV token, source id, now (ms), next (ms),
-- then fields and values of the source that say why. Answer: when it is due now; 0 = it is on no list.
register_owned('source_hasten', 4, 6, function(keys, args)
	local due, next_ms, fields = tonumber(call('ZSCORE', keys[2], args[2])), tonumber(args[4]), {}
	call('HLEN', keys[4])
	if not due or due <= next_ms or paused_until(keys[3], args[2]) > tonumber(args[3]) then
		return due or 0
	end
	for i = 5, #args do
		fields[i - 4] = args[i]
	end
	call('HSET', keys[4], 'next_ms', args[4], unpack(fields))
	call('ZADD', keys[2], 'XX', args[4], args[2])
	return next_ms
end)
