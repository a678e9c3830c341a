-- Reads the history of a hub.
--
-- KEYS   as in publish.lua
-- ARGV   1 an epoch if there is none, or it has to be another one, 2 'l' for the last ones,
--        3 epoch, 4 offset and 5 tag after which to begin, 6 most messages to read,
--        7 most messages kept, 8 age in milliseconds, 9 milliseconds until the hub is forgotten
-- gives  epoch, offset of the last message, now, entries of the stream
local meta, stream, keys = KEYS[1], KEYS[2], KEYS[3]
local limit, most, age = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local most_bytes = 1048576
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local epoch = redis.call('HGET', meta, 'e')
local top = tonumber(redis.call('HGET', meta, 'o') or '0')
local lost = not epoch
if epoch == ARGV[3] then
	local offset = tonumber(ARGV[4])
	lost = offset > top
	if not lost and ARGV[5] ~= '0' then
		local tag
		if offset == top then
			tag = redis.call('HGET', meta, 'g')
		else
			local entry = redis.call('XRANGE', stream, ARGV[4] .. '-0', ARGV[4] .. '-0')[1]
			tag = entry and entry[2][4]
		end
		lost = tag and tag ~= ARGV[5]
	end
end
if lost then
	epoch = ARGV[1]
	top = 0
	redis.call('DEL', meta, stream, keys)
	redis.call('HSET', meta, 'e', epoch, 'o', '0', 'b', '0')
end
-- What is known beside the messages is there for an hour longer than they are
local left = math.max(0, redis.call('PTTL', stream)) + 3600000
redis.call('PEXPIRE', meta, string.format('%.0f', math.min(tonumber(ARGV[9]), left)))

local found = {}
local bytes = 0
local earliest = top - most
local function take(entry)
	if tonumber(entry[2][2]) > now - age and tonumber(string.match(entry[1], '^%d+')) > earliest then
		found[#found + 1] = entry
		bytes = bytes + #entry[2][8]
	end
end

if most > 0 and ARGV[2] == 'l' then
	local entries = redis.call('XREVRANGE', stream, '+', '-', 'COUNT', math.max(1, limit))
	for i = math.min(limit, #entries), 1, -1 do
		take(entries[i])
	end
elseif most > 0 then
	local from = '-'
	if epoch == ARGV[3] then
		from = '(' .. ARGV[4] .. '-0'
	end
	while #found < limit and bytes < most_bytes do
		local entries = redis.call('XRANGE', stream, from, '+', 'COUNT', math.min(50, limit - #found))
		for _, entry in ipairs(entries) do
			take(entry)
			from = '(' .. entry[1]
		end
		if #entries == 0 then
			break
		end
	end
end
return { epoch, string.format('%.0f', top), string.format('%.0f', now), found }
