// What the browser test puts into Redis: brands, counts, an incident and mentions under the keys of docs/keys.md.
import crypto from "node:crypto";
import net from "node:net";

const minute = 60000, hour = 3600000;

// As much of the Redis protocol as writing needs: commands out, one reply each back, errors thrown.
export function redisClient(socketPath) {
	const socket = net.connect(socketPath), waiting = [];
	let rest = Buffer.alloc(0);
	const lineEnd = (at) => rest.indexOf("\r\n", at);
	const one = (at) => { // end of the reply that begins at `at`, -1 when it is not complete
		const end = lineEnd(at);
		if (end < 0)
			return -1;
		const n = Number(rest.subarray(at + 1, end));
		if (rest[at] === 0x24) // $
			return n < 0 ? end + 2 : rest.length >= end + 2 + n + 2 ? end + 2 + n + 2 : -1;
		let next = end + 2;
		if (rest[at] === 0x2a) // *
			for (let i = 0; i < n && next >= 0; i++)
				next = one(next);
		return next;
	};
	socket.on("data", (bytes) => {
		rest = Buffer.concat([rest, bytes]);
		for (let end = rest.length ? one(0) : -1; end > 0; end = rest.length ? one(0) : -1) {
			const text = rest.subarray(0, end).toString();
			rest = rest.subarray(end);
			const { done, failed } = waiting.shift();
			text.startsWith("-") ? failed(new Error(text.trim())) : done(text);
		}
	});
	const send = (...args) => new Promise((done, failed) => {
		waiting.push({ done, failed });
		const parts = args.map((arg) => Buffer.from(String(arg)));
		socket.write(Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from("\r\n")])]));
	});
	return { send, close: () => socket.destroy() };
}

// The place of a term in a text: code points, half open.
export function placeOf(text, term) {
	const from = Array.from(text.slice(0, text.indexOf(term))).length;
	return { from, to: from + Array.from(term).length };
}

const stamp = (ms) => new Date(ms).toISOString();

// Adds `n` to minute, hour and day of a dimension, as the detector's commit does.
async function countAt(redis, brand, dimension, ms, n) {
	const iso = stamp(ms), tag = `es:{b:${brand}}`;
	await Promise.all([
		redis.send("HINCRBY", `${tag}:minute:${dimension}:${iso.slice(0, 10)}`, iso.slice(11, 16), n),
		redis.send("HINCRBY", `${tag}:hour:${dimension}:${iso.slice(0, 7)}`, iso.slice(8, 13), n),
		redis.send("HINCRBY", `${tag}:day:${dimension}:${iso.slice(0, 4)}`, iso.slice(5, 10), n),
	]);
}

export async function addBrand(redis, brand) {
	await redis.send("HSET", "es:{cfg}:brands", brand.id, JSON.stringify({ name: brand.name, name_en: brand.name_en, rulebook: "test" }));
}

// A quiet day, and for `surge` an hour that swells.
export async function addCounts(redis, brand, now, surge) {
	const work = [];
	for (let back = 1430; back >= 0; back -= 5) {
		const grown = surge && back < 70 ? Math.round(30 * (1 - Math.abs(back - 30) / 70)) : 0;
		const all = 2 + ((back / 5) % 3) + grown, negative = Math.round(all * (grown > 0 ? 0.75 : 0.2));
		work.push(countAt(redis, brand, "all", now - back * minute, all), countAt(redis, brand, "negative", now - back * minute, negative),
			countAt(redis, brand, "complaint", now - back * minute, Math.round(negative / 2)));
	}
	await Promise.all(work);
}

export async function addIncident(redis, brand, now, fields) {
	const incident = {
		id: crypto.createHash("sha256").update(brand + fields.state).digest("hex").slice(0, 32), series: "negative", level: "red", revision: 1,
		onset_ms: now - 70 * minute, opened_ms: now - 60 * minute, changed_ms: now - 20 * minute, closed_ms: 0, muted_until_ms: 0, last_over_ms: now,
		observed: 312, expected: 23.6, expected_low: 14, expected_high: 34, score: 9.2, p_value: 1e-9, ratio: 13.2, window_ms: hour,
		since_ms: now - 70 * minute, missing: 0, posts: 486, negative: 377, complaints: 240, category: "safety", by: "", note: "", ...fields,
	};
	const tag = `es:{b:${brand}}`;
	await redis.send("HSET", `${tag}:incident:${incident.id}`, ...Object.entries(incident).flat());
	await redis.send("ZADD", `${tag}:incidents`, incident.onset_ms, incident.id);
	if (incident.state !== "resolved")
		await redis.send("HSET", `${tag}:progress`, "tick_ms", now, "revision", incident.revision, "incident", incident.id);
	return incident;
}

// A mention record as detector/pipeline.c writes it.
export async function addMention(redis, brand, at, mention) {
	const id = crypto.createHash("sha256").update(brand + at + JSON.stringify(mention)).digest("hex").slice(0, 32), tag = `es:{b:${brand}}`;
	const { seen = [], reasons = [], verdict = {}, ...post } = mention;
	const record = {
		brand, rulebook: "test",
		places: seen.map((term) => ["text", placeOf(post.text, term).from, placeOf(post.text, term).to, term]),
		post: { id, source: "test-forum", family: "forum", kind: "post", author: "a:0123456789abcdef", fetched_ms: at, posted_ms: at, ...post },
		verdict: { sentiment: -0.7, label: "negative", confidence: 0.8, complaint: 0.9, category: "safety", nature: "complaint", urgency: "high",
			reasons: reasons.map(([rule, list, effect]) => { const { from, to } = placeOf(post.text, rule); return ["text", from, to, rule, list, effect]; }), ...verdict },
		counted: ["all"], count_ms: at,
	};
	await redis.send("HSET", `${tag}:mentions`, id, JSON.stringify(record));
	await redis.send("ZADD", `${tag}:times`, at, id);
}

export async function clearMentions(redis, brand) {
	await redis.send("DEL", `es:{b:${brand}}:mentions`, `es:{b:${brand}}:times`);
}
