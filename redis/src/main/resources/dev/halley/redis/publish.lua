-- Publishes a message: its place, the history and the delivery are one step.
--
-- KEYS   meta, stream, keys: e(poch), o(ffset), g (tag of the last), b(ytes kept, -1 if not counted);
--        one entry for each message kept, its id the offset; the offset of each key
-- ARGV   1 channel, 2 an epoch if there is none, 3 tag, 4 kind, 5 payload,
--        6 most messages, 7 age in milliseconds, 8 most bytes or 0,
--        9 milliseconds until the hub is forgotten, 10 key or empty
-- gives  epoch, offset
local meta, stream, keys = KEYS[1], KEYS[2], KEYS[3]
local payload, key = ARGV[5], ARGV[10]
local most, age, most_bytes = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local epoch = redis.call('HGET', meta, 'e')
if not epoch then
	epoch = ARGV[2]
	redis.call('DEL', stream, keys)
	redis.call('HSET', meta, 'e', epoch, 'o', '0', 'b', '0')
end

if key ~= '' and most > 0 then
	local offset = redis.call('HGET', keys, key)
	if offset then
		local found = redis.call('XRANGE', stream, offset .. '-0', offset .. '-0')
		if found[1] and tonumber(found[1][2][2]) > now - age then
			return { epoch, offset }
		end
	end
end

if most == 1 then
	-- Nothing of what was before is kept, however much that is
	redis.call('DEL', stream, keys)
	redis.call('HSET', meta, 'b', '0')
end

-- Removes from the front what is beyond a bound once one more is there, some hundred at a time
local function make_room()
	local length = redis.call('XLEN', stream) + 1
	local bytes = tonumber(redis.call('HGET', meta, 'b') or '0')
	if bytes < 0 then
		bytes = 0
		for _, entry in ipairs(redis.call('XRANGE', stream, '-', '+')) do
			bytes = bytes + #entry[2][8]
		end
	end
	bytes = bytes + #payload
	local batch, left = 1, 512
	while length > 1 and left > 0 do
		local entries = redis.call('XRANGE', stream, '-', '+', 'COUNT', batch)
		local gone, last = 0, nil
		for _, entry in ipairs(entries) do
			local fields = entry[2]
			if length <= most and (most_bytes == 0 or bytes <= most_bytes) and tonumber(fields[2]) > now - age then
				break
			end
			gone = gone + 1
			last = string.match(entry[1], '^%d+')
			length = length - 1
			bytes = bytes - #fields[8]
			if fields[10] and redis.call('HGET', keys, fields[10]) == last then
				redis.call('HDEL', keys, fields[10])
			end
		end
		if last then
			redis.call('XTRIM', stream, 'MINID', string.format('%.0f', tonumber(last) + 1))
		end
		if gone < #entries or #entries == 0 then
			break
		end
		left = left - gone
		batch = math.min(32, batch * 2)
	end
	redis.call('HSET', meta, 'b', string.format('%.0f', math.max(0, bytes - #payload)))
end

local offset = string.format('%.0f', redis.call('HINCRBY', meta, 'o', 1))
redis.call('HSET', meta, 'g', ARGV[3])
if most > 0 then
	local entry = { 't', string.format('%.0f', now), 'g', ARGV[3], 'k', ARGV[4], 'p', payload }
	local first = redis.call('XRANGE', stream, '-', '+', 'COUNT', 1)[1]
	if most_bytes == 0 and key == '' and redis.call('EXISTS', keys) == 0
			and not (first and tonumber(first[2][2]) <= now - age) then
		-- Nothing goes but the first ones, and nobody has to know what they were
		redis.call('XADD', stream, 'MAXLEN', ARGV[6], offset .. '-0', unpack(entry))
		redis.call('HSET', meta, 'b', '-1')
	else
		make_room()
		if most_bytes == 0 or #payload <= most_bytes then
			if key ~= '' then
				entry[9] = 'i'
				entry[10] = key
				redis.call('HSET', keys, key, offset)
				redis.call('PEXPIRE', keys, ARGV[7])
			end
			redis.call('XADD', stream, offset .. '-0', unpack(entry))
			redis.call('HINCRBY', meta, 'b', #payload)
		end
	end
	redis.call('PEXPIRE', stream, ARGV[7])
end
redis.call('PEXPIRE', meta, ARGV[9])
redis.call('PUBLISH', ARGV[1], epoch .. ' ' .. offset .. ' ' .. ARGV[3] .. ' ' .. ARGV[4] .. ' ' .. payload)
return { epoch, offset }
