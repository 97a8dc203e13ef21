---- what is held of a person ----

-- One item of a hash or a stream is put in place of another, or goes, unless it changed since it was read. No lease: whoever
-- owns the key reads it again in the step in which it writes. An entry that is replaced comes to the end of its stream.
-- KEYS key. ARGV field or entry id, what a hash held there, what it is to hold ('' = the item goes), field of a stream entry
--   ('' = it is a hash), group that reads the stream ('' = none). Answer: 1, or 0 when it changed or went meanwhile.
register('held_swap', 1, 5, function(keys, args)
	local key, id, now = keys[1], args[1], args[3]
	if args[4] == '' then
		if call('HGET', key, id) ~= args[2] then
			return 0
		end
		if now == '' then
			call('HDEL', key, id)
		else
			call('HSET', key, id, now)
		end
		return 1
	end
	local entry = call('XRANGE', key, id, id)[1]
	if not entry then
		return 0
	end
	if now ~= '' then
		local values = entry[2]
		for i = 1, #values, 2 do
			if values[i] == args[4] then
				values[i + 1] = now
			end
		end
		call('XADD', key, '*', unpack(values))
	end
	if args[5] ~= '' then
		call('XACK', key, args[5], id)
	end
	call('XDEL', key, id)
	return 1
end)
