---- corrections ----

-- KEYS mentions, corrections. ARGV post id, what stood there as it was read ('' = nothing), what is to stand there, most there may
--   be. No lease: a person writes, and whoever wrote meanwhile is looked at again. Answer: written, changed, unknown, erased or full.
register('correct', 2, 4, function(keys, args)
	local mention = call('HGET', keys[1], args[1])
	local now = call('HGET', keys[2], args[1]) or ''
	if not mention then
		return 'unknown'
	end
	local fine, record = pcall(cjson.decode, mention)
	if fine and type(record) == 'table' and record.erased then
		return 'erased'
	end
	if now ~= args[2] then
		return 'changed'
	end
	if now == '' and call('HLEN', keys[2]) >= tonumber(args[4]) then
		return 'full'
	end
	call('HSET', keys[2], args[1], args[3])
	return 'written'
end)

---- retention of single sources ----

-- KEYS retentions. ARGV source and how long its posts are kept (ms), of each. In place of what is there.
register('retentions', 1, 0, function(keys, args)
	call('HLEN', keys[1])
	call('UNLINK', keys[1])
	call_many('HSET', keys[1], args, 2)
	return #args / 2
end)
