-- A part of the library (functions.lua is the first, and says the rules; the Makefile joins them): rulebooks that are published.

local RULEBOOKS_KEPT = 100

local function now_ms(given)
	if tonumber(given) > 0 then
		return given
	end
	local time = call('TIME')
	return string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
end

local function check_current(key, expected)
	local now = call('HGET', key, 'version') or ''
	if now ~= expected then
		return redis.error_reply(string.format('STALE the published rulebook is "%s", not "%s"', now, expected))
	end
end

-- Adds an entry to the history and answers with the versions that nothing in it names any more: their files may go.
local function remember(history, current, values)
	local old = call('XRANGE', history, '-', '+')
	call('XADD', history, 'MAXLEN', RULEBOOKS_KEPT, '*', unpack(values))
	local named = { [values[4]] = true, [values[6]] = true, [call('HGET', current, 'version')] = true, [''] = true }
	local gone = {}
	for i = #old, 1, -1 do
		for at = 1, #old[i][2], 2 do
			local field, version = old[i][2][at], old[i][2][at + 1]
			if (field == 'version' or field == 'previous') and not named[version] then
				named[version] = true
				if i <= #old - RULEBOOKS_KEPT + 1 then
					gone[#gone + 1] = version
				end
			end
		end
	end
	return gone
end

-- Makes a version the one that all workers follow.
local function put_in_force(current, previous, version, by, approver, note, at)
	call('HSET', current, 'version', version, 'previous', previous, 'since_ms', at, 'by', by, 'approver', approver, 'note', note,
		'proposed', '')
	call('HINCRBY', current, 'serial', 1)
end

-- KEYS current, record, history. ARGV expected version in force ('' = none), version, published|proposed, by, approver, note,
-- base (what the ratios compare with), ratios, at (ms, 0 = Redis' clock), mark of this call, then file fields and their bytes.
-- Answer: versions whose records may go.
register('rulebook_publish', 3, 12, function(keys, args)
	local current, record, history = keys[1], keys[2], keys[3]
	local version, state, by, approver, note = args[2], args[3], args[4], args[5], args[6]
	if call('HGET', record, 'mark') == args[10] then
		return {} -- a repeat after a lost reply
	end
	local stale = check_current(current, args[1])
	if stale then
		return stale
	end
	if args[1] == version then
		return redis.error_reply('ERR rulebook ' .. version .. ' is published already')
	end
	call('XLEN', history)
	local at, published = now_ms(args[9]), call('HGET', record, 'published_ms') or 0
	if state == 'published' then
		published = at
	end
	call('UNLINK', record)
	call('HSET', record, 'state', state, 'by', by, 'approver', approver, 'note', note, 'replaces', args[1], 'base', args[7],
		'ratios', args[8], 'proposed_ms', at, 'published_ms', published, 'mark', args[10])
	call_many('HSET', record, { unpack(args, 11) }, 2)
	if state == 'published' then
		put_in_force(current, args[1], version, by, approver, note, at)
	else
		call('HSET', current, 'proposed', version)
	end
	return remember(history, current, { 'action', state == 'published' and 'publish' or 'propose', 'version', version,
		'previous', args[1], 'by', by, 'approver', approver, 'note', note, 'at_ms', at })
end)

-- KEYS current, record, history. ARGV expected version in force, version, by, note, at (ms, 0 = Redis' clock).
register('rulebook_approve', 3, 5, function(keys, args)
	local current, record, history, by = keys[1], keys[2], keys[3], args[3]
	local was = call('HMGET', record, 'state', 'by', 'note', 'replaces')
	if was[1] ~= 'proposed' then
		return redis.error_reply('ERR rulebook ' .. args[2] .. ' is not waiting for an approval')
	end
	if string.lower(was[2]) == string.lower(by) then
		return redis.error_reply('ERR ' .. by .. ' proposed rulebook ' .. args[2] .. '; four eyes are two people')
	end
	local stale = check_current(current, args[1]) or check_current(current, was[4])
	if stale then
		return stale
	end
	call('XLEN', history)
	local at = now_ms(args[5])
	call('HSET', record, 'state', 'published', 'approver', by, 'published_ms', at)
	put_in_force(current, args[1], args[2], was[2], by, args[4] ~= '' and args[4] or was[3], at)
	return remember(history, current, { 'action', 'approve', 'version', args[2], 'previous', args[1], 'by', was[2],
		'approver', by, 'note', args[4], 'at_ms', at })
end)

-- Back to a version that was published before, or ('' ) to the folders.
-- KEYS current, record, history. ARGV expected version in force, version, by, note, at (ms, 0 = Redis' clock).
register('rulebook_return', 3, 5, function(keys, args)
	local current, record, history, version = keys[1], keys[2], keys[3], args[2]
	local stale = check_current(current, args[1])
	if stale then
		return stale
	end
	if version == args[1] then
		return redis.error_reply('ERR rulebook "' .. version .. '" is in force already')
	end
	if version ~= '' and (tonumber(call('HGET', record, 'published_ms')) or 0) == 0 then
		return redis.error_reply('ERR rulebook ' .. version .. ' was never published; earshot rules log lists what was')
	end
	call('XLEN', history)
	local at = now_ms(args[5])
	put_in_force(current, args[1], version, args[3], '', args[4], at)
	return remember(history, current, { 'action', version == '' and 'withdraw' or 'rollback', 'version', version,
		'previous', args[1], 'by', args[3], 'approver', '', 'note', args[4], 'at_ms', at })
end)
