#!lua name=earshot_1
-- What must change together in Redis: one function a step, all keys of a call under one hash tag and declared in KEYS.
--
-- Rules of this file: look first, write last, because a function that fails half-way is not rolled back. Every state
-- write names its lease (KEYS[1]) and its token (ARGV[1]) and is refused when the lease has another owner. Every step may be
-- repeated after a lost reply. Library and function names carry a version, so that old and new workers can share a Redis
-- during an upgrade: when arguments or effects change after a release, the number goes up.
local VERSION = '@VERSION@' -- SHA-256 of this file, put in by the loader (common/store/functions.c)
local PREFIX = 'earshot_1_'

local call -- redis.call: while the library is loaded Redis shows neither it nor Lua's own names
local CHUNK = 3000 -- values unpacked into one call; Lua's stack ends near 8,000

local function register(name, nkeys, nargs, step)
	redis.register_function(PREFIX .. name, function(keys, args)
		if #keys < nkeys or #args < nargs then
			return redis.error_reply('ERR ' .. name .. ' wants at least ' .. nkeys .. ' keys and ' .. nargs .. ' arguments')
		end
		call = redis.call
		return step(keys, args)
	end)
end

-- A step that only the owner of a lease may take.
local function register_owned(name, nkeys, nargs, step)
	register(name, nkeys, nargs, function(keys, args)
		if args[1] == '' or call('HGET', keys[1], 'token') ~= args[1] then
			return redis.error_reply('FENCED the lease ' .. keys[1] .. ' has another owner now')
		end
		return step(keys, args)
	end)
end

-- Calls `command key` with any number of values, `each` of them belonging together.
local function call_many(command, key, values, each)
	local step = CHUNK - CHUNK % each
	for from = 1, #values, step do
		call(command, key, unpack(values, from, math.min(from + step - 1, #values)))
	end
end

redis.register_function({
	function_name = PREFIX .. 'version',
	callback = function() return VERSION end,
	flags = { 'no-writes' },
})

---- leases ----

-- KEYS lease. ARGV owner, token we hold ('' none), nonce for a new token, length in ms, how long in ms nobody must have held it
-- before we take it. Answer: held, token, just taken.
register('lease', 1, 5, function(keys, args)
	local key, token, hold, patience = keys[1], args[2], tonumber(args[4]), tonumber(args[5])
	local time = call('TIME')
	local now = time[1] * 1000 + math.floor(time[2] / 1000)
	local was = call('HMGET', key, 'token', 'until_ms', 'epoch', 'owner')
	if token ~= '' and was[1] == token then
		call('HSET', key, 'owner', args[1], 'until_ms', now + hold)
		return { 1, token, 0 }
	end
	local ends = tonumber(was[2]) or 0
	-- An end further away than a lease is long was written before the clock went back: it binds nobody. Nor does a lease in
	-- our own name: it was held by the process that `earshot up` has started us in place of.
	if was[4] ~= args[1] and ends > now - patience and ends <= now + 2 * hold then
		return { 0, '', 0 }
	end
	local epoch = (tonumber(was[3]) or 0) + 1
	token = string.format('%d', epoch) .. ':' .. args[3]
	call('HSET', key, 'owner', args[1], 'token', token, 'until_ms', now + hold, 'epoch', epoch)
	return { 1, token, 1 }
end)

-- KEYS lease. ARGV token.
register_owned('release', 1, 1, function(keys)
	local time = call('TIME')
	call('HSET', keys[1], 'token', '', 'until_ms', time[1] * 1000 + math.floor(time[2] / 1000))
	return 1
end)

---- posts ----

local COUNTERS = { 'likes', 'replies', 'shares', 'views' }

-- What was last known of a post's counters: of its latest observation, else of its record. -1 = unknown.
local function last_sight(record, observation)
	local text = observation or record
	local fine, sight = pcall(cjson.decode, text)
	if not fine or type(sight) ~= 'table' then
		return { seen = 0, -1, -1, -1, -1 }
	end
	if sight.erased then
		return { seen = math.huge, -1, -1, -1, -1 } -- a tombstone counts for what it was and for nothing new
	end
	if not observation and type(sight.post) == 'table' then
		sight = sight.post
	end
	local last = { seen = tonumber(sight.fetched_ms) or 0 }
	for i, name in ipairs(COUNTERS) do
		last[i] = tonumber(sight[name]) or -1
	end
	return last
end

-- Moment of a sight, then bucket cell and value of each counter (-1 unknown), as packed by common/store/posts.c.
local function unpack_sight(packed)
	local seen, c1, v1, c2, v2, c3, v3, c4, v4 = struct.unpack('>dI2dI2dI2dI2d', packed)
	return { seen = seen, v1, v2, v3, v4 }, { c1, c2, c3, c4 }
end

-- Adds what changed since the `last` sight to the sums and returns the observation to keep: a counter that this sight
-- does not tell keeps its last known value, so that the next difference is taken against it.
local function observe(sums, last, sight, cells, observation)
	for i = 1, #COUNTERS do
		if sight[i] >= 0 then
			local cell = cells[i]
			sums[cell] = (sums[cell] or 0) + sight[i] - math.max(last[i], 0)
		elseif last[i] >= 0 then
			sight[i] = last[i]
			observation = string.format('%s,"%s":%.0f}', observation:sub(1, -2), COUNTERS[i], last[i])
		end
	end
	return observation
end

-- Notes from which minute on posts came in under another version of the rules: minute -> version, the newest 200.
local VERSIONS_KEPT = 200
local function stamp_version(key, version, minute)
	if version == '' or call('HGET', key, 'last') == version then
		return
	end
	call('HSET', key, minute, version, 'last', version)
	if call('HLEN', key) > VERSIONS_KEPT + 1 then
		local minutes = call('HKEYS', key)
		table.sort(minutes) -- digits sort before "last"
		call('HDEL', key, minutes[1])
	end
end

local story_join, stories_look, stories_write -- functions_stories.lua

-- KEYS lease, posts, mentions, times, observations, versions, stories, bucket…, story…
-- ARGV token, number of mentions M, number of cells C, number of sights S, rulebook version of the newest mention ('' = none
--   to note) and its minute, number of stories, when those run out (s since 1970), then
--   for each bucket: when it runs out (s since 1970, 0 = never)
--   cells' buckets and cells' parent cells (2 bytes each, 0 = no parent; parents come after their children)
--   for each cell: its field
--   for each mention, in four runs of M: entry id, post id, record, time it counts to (ms)
--   all mentions' cells in one string (1 byte how many, then 2 bytes each): one argument each would cost a tenth of the rate
--   for each sight: number of its mention, packed counters, observation ('' = none); mentions that tell nothing have none
--   for each story: its id; then for each mention of one: number of the mention, number of the story, source, author
-- Answer: added, duplicates, observed.
local FIXED = 8
local KEYS_FIXED = 7
local UNKNOWN = { seen = 0, -1, -1, -1, -1 }
register_owned('commit', KEYS_FIXED, FIXED, function(keys, args)
	local byte, unpack = string.byte, unpack
	local posts, mentions, times, observations = keys[2], keys[3], keys[4], keys[5]
	local n, ncells, nsights, nstories = tonumber(args[2]), tonumber(args[3]), tonumber(args[4]), tonumber(args[7])
	local nbuckets = #keys - KEYS_FIXED - nstories
	local story_keys = { unpack(keys, KEYS_FIXED + nbuckets + 1) }
	local at_packed = FIXED + nbuckets
	local at_field = at_packed + 2
	local at_entry = at_field + ncells
	local at_id, at_record, at_time = at_entry + n, at_entry + 2 * n, at_entry + 3 * n
	local at_cells = at_entry + 4 * n + 1
	local at_story = at_cells + 3 * nsights
	if #args < at_story + nstories or (#args - at_story - nstories) % 4 ~= 0 or #args[at_packed + 1] ~= 2 * ncells or #args[at_packed + 2] ~= 2 * ncells then
		return redis.error_reply('ERR commit: the arguments do not add up')
	end
	if n == 0 then
		return { 0, 0, 0 }
	end
	local sight_of = {}
	for at = at_cells + 1, at_story, 3 do
		sight_of[tonumber(args[at])] = at
	end
	local stories, member_of = {}, {}
	for at = at_story + nstories + 1, #args, 4 do
		member_of[tonumber(args[at])] = at
	end

	-- Look: reading every key also proves that each has the right type, before anything is written.
	call('XLEN', posts)
	call('ZCARD', times)
	call('HLEN', observations)
	call('HLEN', keys[6])
	call('ZCARD', keys[7])
	local known = call('HMGET', mentions, unpack(args, at_id + 1, at_id + n))
	local sums, last, records, scores, seen_again = {}, {}, {}, {}, {}
	local added, observed, nrecords = 0, 0, 0
	local cells, at = args[at_cells], 1
	for i = 1, n do
		local id, record, told = args[at_id + i], known[i], sight_of[i]
		local ends = at + 2 * byte(cells, at)
		if not record and not last[id] then
			added = added + 1
			records[nrecords + 1], records[nrecords + 2] = id, args[at_record + i]
			scores[nrecords + 1], scores[nrecords + 2] = args[at_time + i], id
			nrecords = nrecords + 2
			for place = at + 1, ends, 2 do
				local high, low = byte(cells, place, place + 1)
				local cell = high * 256 + low
				sums[cell] = (sums[cell] or 0) + 1
			end
			last[id] = UNKNOWN
			local member = member_of[i]
			if member then
				local number = tonumber(args[member + 1])
				stories[number] = stories[number] or { id = args[at_story + number] }
				story_join(stories[number], id, args[member + 2], args[member + 3], tonumber(args[at_time + i]))
			end
			if told then
				local sight, counter_cells = unpack_sight(args[told + 1])
				observe(sums, UNKNOWN, sight, counter_cells, '')
				last[id] = sight
			end
		elseif told and args[told + 2] ~= '' then
			local before = last[id] or last_sight(record, call('HGET', observations, id))
			local sight, counter_cells = unpack_sight(args[told + 1])
			last[id] = before
			if sight.seen > before.seen then
				observed = observed + 1
				seen_again[id] = observe(sums, before, sight, counter_cells, args[told + 2])
				last[id] = sight
			end
		end
		at = ends + 1
	end

	-- Roll minutes up to hours and hours to days, once a distinct cell, and gather the cells of each bucket.
	local cell_buckets, cell_parents = args[at_packed + 1], args[at_packed + 2]
	local fields, amounts = {}, {}
	for cell = 1, ncells do
		local sum = sums[cell]
		if sum and sum ~= 0 then
			local high, low = byte(cell_parents, 2 * cell - 1, 2 * cell)
			local parent = high * 256 + low
			if parent > 0 then
				sums[parent] = (sums[parent] or 0) + sum
			end
			high, low = byte(cell_buckets, 2 * cell - 1, 2 * cell)
			local bucket = high * 256 + low
			local list = fields[bucket]
			if not list then
				list = {}
				fields[bucket], amounts[bucket] = list, {}
			end
			list[#list + 1] = args[at_field + cell]
			amounts[bucket][#list] = sum
		end
	end
	local writes = {}
	for bucket, list in pairs(fields) do
		local values, amount, write = call('HMGET', keys[KEYS_FIXED + bucket], unpack(list)), amounts[bucket], {}
		for i = 1, #list do
			write[2 * i - 1], write[2 * i] = list[i], (tonumber(values[i]) or 0) + amount[i]
		end
		writes[bucket] = write
	end

	local story_writes = stories_look(stories, story_keys, mentions, records)

	-- Write.
	if added > 0 then
		call('HSET', mentions, unpack(records))
		call('ZADD', times, unpack(scores))
	end
	for id, observation in pairs(seen_again) do
		call('HSET', observations, id, observation)
	end
	for bucket, write in pairs(writes) do
		local fresh = call('HSET', keys[KEYS_FIXED + bucket], unpack(write))
		if fresh > 0 and args[FIXED + bucket] ~= '0' then
			call('EXPIREAT', keys[KEYS_FIXED + bucket], args[FIXED + bucket])
		end
	end
	stories_write(stories, story_keys, story_writes, keys[7], args[8])
	stamp_version(keys[6], args[5], args[6])
	call('XACK', posts, 'detector', unpack(args, at_entry + 1, at_entry + n))
	return { added, n - added - observed, observed }
end)

-- KEYS lease, posts, posts:dead. ARGV token, entry id, body, error.
register_owned('bury', 3, 4, function(keys, args)
	call('XLEN', keys[3])
	if call('XACK', keys[2], 'detector', args[2]) == 0 then
		return 0 -- done before
	end
	call('XADD', keys[3], 'MAXLEN', '~', 1000, '*', 'entry', args[2], 'post', args[3], 'error', args[4])
	return 1
end)

-- -1, 0, 1 as a stream id stands before, at, after another.
local function compare_ids(a, b)
	local am, as = a:match('^(%d+)-(%d+)$')
	local bm, bs = b:match('^(%d+)-(%d+)$')
	local x, y = tonumber(am), tonumber(bm)
	if x == y then
		x, y = tonumber(as), tonumber(bs)
	end
	return x < y and -1 or (x > y and 1 or 0)
end

-- First id that a group still needs: its oldest unacknowledged entry, else the one behind the last it was given.
local function first_needed(stream, group)
	local oldest = call('XPENDING', stream, group.name)[2]
	if oldest then
		return oldest
	end
	local ms, seq = group['last-delivered-id']:match('^(%d+)-(%d+)$')
	return ms .. '-' .. string.format('%.0f', tonumber(seq) + 1)
end

-- KEYS lease, posts. ARGV token. Answer: entries left.
register_owned('trim', 2, 1, function(keys)
	local stream, cut = keys[2], nil
	if call('EXISTS', stream) == 0 then
		return 0
	end
	for _, row in ipairs(call('XINFO', 'GROUPS', stream)) do
		local group = {}
		for i = 1, #row, 2 do
			group[row[i]] = row[i + 1]
		end
		local first = first_needed(stream, group)
		if not cut or compare_ids(first, cut) < 0 then
			cut = first
		end
	end
	if cut then
		call('XTRIM', stream, 'MINID', cut)
	else
		call('XGROUP', 'CREATE', stream, 'detector', '0') -- a stream that lost its group, with all its entries unread
	end
	return call('XLEN', stream)
end)

-- KEYS lease, mentions, times, observations, stories, corrections. ARGV token, cut-off (ms), at most so many. Answer: how many went.
register_owned('expire', 6, 3, function(keys, args)
	call('HLEN', keys[2])
	call('HLEN', keys[4])
	call('ZCARD', keys[5])
	call('HLEN', keys[6])
	local ids = call('ZRANGEBYSCORE', keys[3], '-inf', '(' .. args[2], 'LIMIT', 0, args[3])
	call_many('HDEL', keys[2], ids, 1)
	call_many('HDEL', keys[4], ids, 1)
	call_many('HDEL', keys[6], ids, 1)
	call_many('ZREM', keys[3], ids, 1)
	call('ZREMRANGEBYSCORE', keys[5], '-inf', '(' .. args[2])
	return #ids
end)

-- Sets one minute to a recounted value and takes the difference to its hour and day.
-- KEYS minute, hour, day. ARGV their three fields, value, when minute and hour run out (s).
register('repair', 3, 6, function(keys, args)
	local value = tonumber(args[4])
	local difference = value - (tonumber(call('HGET', keys[1], args[1])) or 0)
	call('HLEN', keys[2])
	call('HLEN', keys[3])
	if difference == 0 then
		return 0
	end
	for i = 1, 3 do
		call('HINCRBY', keys[i], args[i], difference)
		if i < 3 and call('TTL', keys[i]) < 0 then
			call('EXPIREAT', keys[i], args[4 + i])
		end
	end
	return difference
end)

---- incidents ----

-- Keeps the outcome of a person's wish and takes the wish off the control stream. Wish ids begin with their time.
local function settle_wish(control, wishes, entry, id, outcome)
	call('HSET', wishes, id, outcome)
	call('XACK', control, 'detector', entry)
	call('XDEL', control, entry)
	if call('HLEN', wishes) > 1100 then
		local ids = call('HKEYS', wishes)
		table.sort(ids)
		local old = {}
		for i = 1, #ids - 1000 do
			old[i] = ids[i]
		end
		call_many('HDEL', wishes, old, 1)
	end
end

local function write_progress(key, tick, model, run)
	call('HSET', key, 'tick_ms', tick, 'run_id', run)
	if model ~= '' then
		call('HSET', key, 'model', model)
	end
end

-- Nothing moved. KEYS lease, progress. ARGV token, expected revision, tick (ms), model ('' unchanged), run id.
register_owned('progress', 2, 5, function(keys, args)
	local revision = tonumber(call('HGET', keys[2], 'revision')) or 0
	if revision ~= tonumber(args[2]) then
		return redis.error_reply(string.format('STALE the brand is at revision %d, not %s', revision, args[2]))
	end
	write_progress(keys[2], args[3], args[4], args[5])
	return revision
end)

-- KEYS lease, progress, incident, incidents, timeline, outbox, control, wishes.
-- ARGV token, expected revision, tick (ms), model, run id, incident id ('' = nothing moved), mark of this step, onset (ms),
--   outbox entry ('' = none), wish entry ('' = none), wish id, wish outcome, number of timeline values T,
--   T timeline values (field, value …), then the incident's fields and values.
register_owned('step', 8, 13, function(keys, args)
	local progress, incident, incidents, timeline = keys[2], keys[3], keys[4], keys[5]
	local outbox, control, wishes = keys[6], keys[7], keys[8]
	local expected, id, mark, ntimeline = tonumber(args[2]), args[6], args[7], tonumber(args[13])
	local now = call('HMGET', progress, 'revision', 'moved')
	local revision = tonumber(now[1]) or 0
	if id ~= '' and revision == expected + 1 and now[2] == mark then
		return revision -- a repeat after a lost reply: everything is in place
	end
	if revision ~= expected then
		return redis.error_reply(string.format('STALE the brand is at revision %d, not %s', revision, args[2]))
	end
	call('HLEN', incident)
	call('ZCARD', incidents)
	call('XLEN', timeline)
	call('XLEN', outbox)
	call('XLEN', control)
	call('HLEN', wishes)

	write_progress(progress, args[3], args[4], args[5])
	if args[10] ~= '' then
		settle_wish(control, wishes, args[10], args[11], args[12])
	end
	if id == '' then
		return revision
	end
	revision = revision + 1
	call('HSET', progress, 'revision', revision, 'moved', mark, 'incident', id)
	call('HSET', incident, unpack(args, 14 + ntimeline))
	call('ZADD', incidents, args[8], id)
	call('XADD', timeline, 'MAXLEN', '~', 10000, '*', unpack(args, 14, 13 + ntimeline))
	if args[9] ~= '' then
		call('XADD', outbox, '*', 'alert', args[9])
	end
	return revision
end)

---- alerts ----

local DONE_KEPT = 10000

-- A delivery is flat JSON that ends with the alert as it was written. The alert is never decoded here: cjson would turn
-- its empty lists into objects. A quote inside a string is escaped, so the first `,"alert":` is the real one.
local function open_delivery(text)
	local at = text:find(',"alert":', 1, true)
	return cjson.decode(text:sub(1, at - 1) .. '}'), text:sub(at)
end

local function close_delivery(head, alert)
	return cjson.encode(head):sub(1, -2) .. alert
end

-- KEYS lease, outbox, deliveries, deliveries:due. ARGV token, entry id, now (ms), then delivery id and JSON of each target.
register_owned('plan', 4, 3, function(keys, args)
	local outbox, deliveries, due = keys[2], keys[3], keys[4]
	local made = 0
	call('XLEN', outbox)
	call('HLEN', deliveries)
	call('ZCARD', due)
	for i = 4, #args - 1, 2 do
		if call('HSETNX', deliveries, args[i], args[i + 1]) == 1 then
			call('ZADD', due, args[3], args[i])
			made = made + 1
		end
	end
	call('XACK', outbox, 'notifier', args[2])
	call('XDEL', outbox, args[2])
	return made
end)

-- KEYS lease, deliveries, deliveries:due. ARGV token, delivery id, attempts as read, due again at (ms).
-- Answer: attempts, or 0 when there is nothing left to send.
register_owned('begin', 3, 4, function(keys, args)
	local text = call('HGET', keys[2], args[2])
	call('ZCARD', keys[3])
	if not text then
		call('ZREM', keys[3], args[2])
		return 0
	end
	local head, alert = open_delivery(text)
	if head.state == 'sent' or head.state == 'dead' then
		call('ZREM', keys[3], args[2])
		return 0
	end
	local attempts, again = tonumber(args[3]), tonumber(args[4])
	if head.state == 'sending' and head.attempts == attempts + 1 and head.next_ms == again then
		return head.attempts -- a repeat after a lost reply
	end
	if head.attempts ~= attempts then
		return redis.error_reply(string.format('STALE %s has had %d attempts, not %d', args[2], head.attempts, attempts))
	end
	head.state, head.attempts, head.next_ms = 'sending', attempts + 1, again
	call('HSET', keys[2], args[2], close_delivery(head, alert))
	call('ZADD', keys[3], again, args[2])
	return head.attempts
end)

local function forget_old_deliveries(deliveries, done)
	local excess = call('ZCARD', done) - DONE_KEPT
	if excess > 0 then
		local old = call('ZRANGE', done, 0, excess - 1)
		call_many('HDEL', deliveries, old, 1)
		call_many('ZREM', done, old, 1)
	end
end

-- KEYS lease, deliveries, deliveries:due, deliveries:done, deliveries:dead.
-- ARGV token, delivery id, sent|retry|dead, at (ms), error. Answer: 1, or 0 when it was settled before.
register_owned('settle', 5, 5, function(keys, args)
	local deliveries, due, done, dead = keys[2], keys[3], keys[4], keys[5]
	local id, state, at = args[2], args[3], tonumber(args[4])
	local text = call('HGET', deliveries, id)
	call('ZCARD', due)
	call('ZCARD', done)
	call('XLEN', dead)
	if not text then
		call('ZREM', due, id)
		return 0
	end
	local head, alert = open_delivery(text)
	if head.state == 'sent' or head.state == 'dead' then
		return 0
	end
	head.state, head.next_ms, head.error = state, at, args[5]
	call('HSET', deliveries, id, close_delivery(head, alert))
	if state == 'retry' then
		call('ZADD', due, at, id)
		return 1
	end
	call('ZREM', due, id)
	call('ZADD', done, at, id)
	if state == 'dead' then
		call('XADD', dead, 'MAXLEN', '~', 10000, '*', 'delivery', id, 'target', head.target, 'error', args[5],
			'attempts', head.attempts, 'alert', alert:sub(#',"alert":' + 1, -2))
	end
	forget_old_deliveries(deliveries, done)
	return 1
end)

---- paused sources ----

-- KEYS paused, due. ARGV source id, until ("resumed" = until then, '' = it is resumed), due (ms). Answer: 1 when it was paused.
-- Asked for by a person, so there is no lease: the due time moves only of what is on the list, and only with the pause.
register('source_pause', 2, 3, function(keys, args)
	call('ZCARD', keys[2])
	local was = call('HEXISTS', keys[1], args[1])
	if args[2] ~= '' then
		call('HSET', keys[1], args[1], args[2])
	elseif was == 0 then
		return 0
	else
		call('HDEL', keys[1], args[1])
	end
	call('ZADD', keys[2], 'XX', args[3], args[1])
	return was
end)

---- sources ----

-- KEYS lease, due, then source and seen of each source that went. ARGV token, now (ms), number of sources A, A new ids, ids that went.
register_owned('source_sync', 2, 3, function(keys, args)
	local due, now, nadd = keys[2], args[2], tonumber(args[3])
	call('ZCARD', due)
	for i = 4, 3 + nadd do
		call('ZADD', due, 'NX', now, args[i])
	end
	for i = 4 + nadd, #args do
		call('ZREM', due, args[i])
	end
	for i = 3, #keys do
		call('UNLINK', keys[i])
	end
	return #args - 3
end)

-- Keeps the newest entries of what a source has shown. A value is fingerprint@ms; sorting 5,500 of them every 500 new ones
-- is cheaper than a second index that every poll would have to write.
local function forget_old_entries(key, keep)
	if call('HLEN', key) <= keep + keep / 10 then
		return
	end
	local all, rows = call('HGETALL', key), {}
	for i = 1, #all, 2 do
		rows[#rows + 1] = { all[i], tonumber(all[i + 1]:match('@(%d+)$')) or 0 }
	end
	table.sort(rows, function(a, b)
		if a[2] ~= b[2] then
			return a[2] < b[2]
		end
		return a[1] < b[1]
	end)
	local old = {}
	for i = 1, #rows - keep do
		old[i] = rows[i][1]
	end
	call_many('HDEL', key, old, 1)
end

local HOST_KEPT_MS = 86400000

local function host_done(key, next_ms, failures, traffic)
	call('HSET', key, 'next_ms', next_ms, 'failures', failures, 'traffic', traffic)
	call('HDEL', key, 'claim', 'guest_ms', 'guest_went')
	call('PEXPIREAT', key, tonumber(next_ms) + HOST_KEPT_MS)
end

-- KEYS lease, due, source, seen, host. ARGV token, source id, next (ms), entries kept, the host's next (ms) and failures in a
--   row, its traffic, number of state values S, S state values (field, value …), then post id and fingerprint@ms of each entry.
register_owned('source_commit', 5, 8, function(keys, args)
	local due, source, seen = keys[2], keys[3], keys[4]
	local nstate, shown = tonumber(args[8]), {}
	call('ZCARD', due)
	call('HLEN', source)
	call('HLEN', seen)
	call('HLEN', keys[5])
	for i = 9 + nstate, #args do
		shown[#shown + 1] = args[i]
	end
	call('HSET', source, unpack(args, 9, 8 + nstate))
	call_many('HSET', seen, shown, 2)
	call('ZADD', due, args[3], args[2])
	forget_old_entries(seen, tonumber(args[4]))
	host_done(keys[5], args[5], args[6], args[7])
	return 1
end)

local FAR_MS = 4102444800000 -- the year 2100: the due time of what waits for a person

-- When a pause of a source ends; 0 = it is not paused.
local function paused_until(paused, id)
	local told = call('HGET', paused, id)
	return not told and 0 or tonumber(told) or FAR_MS
end

-- One of the sources that a crawler wants to ask: is it due, and may its host be asked? Answer: verdict, when (ms), failures of
-- the host; and whether the host is claimed by an owner that is gone.
local function look_at(keys, host, id, pause, now, token)
	local due, until_ms = tonumber(call('ZSCORE', keys[2], id)), paused_until(keys[3], id)
	local was = call('HMGET', host, 'next_ms', 'claim', 'failures', 'guest_ms', 'traffic')
	local allowed, is_dead = math.max(tonumber(was[1]) or 0, tonumber(was[4]) or 0), was[2] and was[2] ~= token
	if is_dead then
		allowed = now + pause -- its request is gone with it: that ended now at the latest, and the pause begins
	end
	local answer = { 'go', allowed, tonumber(was[3]) or 0, {}, was[5] or '' }
	if not due then
		answer[1] = 'gone'
	elseif until_ms > now then
		answer[1], answer[2] = 'paused', until_ms
	elseif due > now then
		answer[1], answer[2] = 'source', due
	elseif allowed > now then
		answer[1] = 'host'
	end
	return answer, is_dead
end

-- KEYS lease, due, paused, then host and source of each. ARGV token, now (ms), then of each: id, how long the host is held (ms),
--   and its pause after a request (ms). Answer, of each: go, host (asked for too early), source (not due), paused or gone; when
--   then; failures of the host; state of the source, which is empty unless it goes; traffic of the host. No host may stand there twice.
register_owned('sources_take', 5, 5, function(keys, args)
	local now, answers, dead = tonumber(args[2]), {}, {}
	for i = 1, (#keys - 3) / 2 do
		local host, pause = keys[2 + 2 * i], tonumber(args[3 * i + 2])
		answers[i], dead[i] = look_at(keys, host, args[3 * i], pause, now, args[1])
		answers[i][4] = answers[i][1] == 'go' and call('HGETALL', keys[3 + 2 * i]) or {}
	end
	for i, answer in ipairs(answers) do
		local host = keys[2 + 2 * i]
		if answer[1] == 'go' then
			local again = now + tonumber(args[3 * i + 1])
			call('HSET', host, 'next_ms', again, 'claim', args[1])
			call('PEXPIREAT', host, again + HOST_KEPT_MS)
		elseif dead[i] then
			call('HSET', host, 'next_ms', now + tonumber(args[3 * i + 2]))
			call('HDEL', host, 'claim')
		end
		if answer[1] == 'paused' then
			call('ZADD', keys[2], 'XX', answer[2], args[3 * i]) -- it became due although it is paused: its visit was under way
		end
	end
	return answers
end)

-- KEYS lease, robots. ARGV token, how long it is kept (ms), then fields and values.
register_owned('robots_keep', 2, 4, function(keys, args)
	local fields = {}
	for i = 3, #args do
		fields[i - 2] = args[i]
	end
	call_many('HSET', keys[2], fields, 2)
	call('PEXPIRE', keys[2], args[2])
	return 1
end)
