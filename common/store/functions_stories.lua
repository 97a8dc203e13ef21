-- A part of the library (functions.lua is the first, and says the rules; the Makefile joins them): counts of texts with copies, for `commit`.
-- The names are declared in functions.lua.

local STORY_MEMBERS = 1000

-- What a batch adds to one story (a table with its id): `joined` = posts, `by` = posts by source and by author. Pseudonyms are
-- not kept: a digest of story and pseudonym tells authors of one story apart and says nothing of them elsewhere.
function story_join(story, post, source, author, at)
	story.joined, story.by, story.fields = story.joined or {}, story.by or {}, story.fields or {}
	story.joined[post] = true
	story.copies, story.last_ms = (story.copies or 0) + 1, math.max(story.last_ms or 0, at)
	if not story.first or at < story.first_ms then
		story.first, story.first_ms = post, at
	end
	local fields = { 'source:' .. source }
	if author ~= '' then
		fields[2] = 'author:' .. redis.sha1hex(story.id .. author):sub(1, 16)
	end
	for _, field in ipairs(fields) do
		if not story.by[field] then
			story.by[field] = 0
			story.fields[#story.fields + 1] = field
		end
		story.by[field] = story.by[field] + 1
	end
end

-- The first post was alone when it was counted: the first copy brings it in. A tombstone still counts as what it was.
local function story_begin(story, record)
	local fine, sight = pcall(cjson.decode, record or '')
	if not fine or type(sight) ~= 'table' or sight.story ~= story.id or story.joined[story.id] then
		return
	end
	local post = type(sight.post) == 'table' and sight.post or {}
	local source, author = post.source, post.author
	story_join(story, story.id, type(source) == 'string' and source or '', type(author) == 'string' and author or '',
		tonumber(sight.count_ms) or story.first_ms)
end

-- Values to write, out of what the key holds now and what the batch adds.
local function story_values(story, key, was)
	local copies, sources, authors = tonumber(was[1]) or 0, tonumber(was[2]) or 0, tonumber(was[3]) or 0
	local had, values = call('HMGET', key, unpack(story.fields)), {}
	for i, field in ipairs(story.fields) do
		local is_source, known = field:sub(1, 7) == 'source:', tonumber(had[i])
		if known or (is_source and sources or authors) < STORY_MEMBERS then
			values[#values + 1], values[#values + 2] = field, (known or 0) + story.by[field]
			sources = sources + ((is_source and not known) and 1 or 0)
			authors = authors + ((not is_source and not known) and 1 or 0)
		end
	end
	local first, first_ms, last_ms = story.first, story.first_ms, story.last_ms
	if was[6] and tonumber(was[4]) <= first_ms then
		first, first_ms = was[6], tonumber(was[4])
	end
	story.last_ms = math.max(last_ms, tonumber(was[5]) or 0)
	for i, value in ipairs({ 'copies', copies + story.copies, 'sources', sources, 'authors', authors, 'first', first,
		'first_ms', string.format('%.0f', first_ms), 'last_ms', string.format('%.0f', story.last_ms) }) do
		values[#values + 1] = value
	end
	return values
end

-- Values to write of each story of a batch. `records`: id and record of what the batch adds.
function stories_look(stories, keys, mentions, records)
	local writes = {}
	for number, story in pairs(stories) do
		local was = call('HMGET', keys[number], 'copies', 'sources', 'authors', 'first_ms', 'last_ms', 'first')
		if not was[1] then
			local record = call('HGET', mentions, story.id)
			for at = 1, record and 0 or #records, 2 do
				record = records[at] == story.id and records[at + 1] or record
			end
			story_begin(story, record)
		end
		writes[number] = story_values(story, keys[number], was)
	end
	return writes
end

function stories_write(stories, keys, writes, index, runs_out)
	for number, values in pairs(writes) do
		call('HSET', keys[number], unpack(values))
		call('EXPIREAT', keys[number], runs_out)
		call('ZADD', index, string.format('%.0f', stories[number].last_ms), stories[number].id)
	end
end

-- KEYS story. ARGV copies as read, recounted copies. Answer: 0 when it has grown since, or is gone.
register('story_repair', 1, 2, function(keys, args)
	if call('HGET', keys[1], 'copies') ~= args[1] then
		return 0
	end
	call('HSET', keys[1], 'copies', args[2])
	return 1
end)
