/* The page: fetches what the console knows every three seconds and shows it. Nothing is sent but these reads. */
import { makeChart, drawChart, sparkline } from "./chart.js";
import { make, marked, outsideLink, refreshList } from "./dom.js";
import { ago, clockTime, count, decimal, fullTime, language, megabytes, moment, percent, setLanguage, span, text } from "./text.js";

const refreshMs = 3000, patienceMs = 10000, mentionsShown = 50, foldedChars = 160;
const roles = ["crawler", "detector", "notifier"];
const $ = (id) => document.getElementById(id);

/* The chosen brand stands in the address, so that a view can be kept or sent. Anybody can write an address: it is only
 * ever compared with the ids of brands. */
function brandInAddress() {
	try {
		return decodeURIComponent(location.hash.slice(1));
	} catch {
		return "";
	}
}

const state = {
	brand: brandInAddress(), minutes: 180, step: 5, filter: "all",
	overview: null, processes: [], incidents: [], series: null, mentions: [],
	seenMs: 0, trouble: null, knownIncidents: null, unfolded: new Set(),
};
const chart = makeChart($("chart"), $("readout"));

/* ---- reading ---- */

class Refused extends Error {}

async function get(path) {
	const answer = await fetch(path, { signal: AbortSignal.timeout(patienceMs), cache: "no-store", credentials: "omit" });
	const body = await answer.json();
	if (!answer.ok)
		throw new Refused(answer.status === 503 ? "redis" : String(body.error || answer.status));
	return body;
}

/* The brand in the address if there is one, else the one in most trouble, else the loudest. */
function chooseBrand(brands) {
	if (brands.some((b) => b.id === state.brand))
		return;
	const worth = (b) => (b.incident ? 1e9 * (1 + levels.indexOf(b.incident.level)) : 0) + b.day.all;
	state.brand = brands.reduce((best, b) => (!best || worth(b) > worth(best) ? b : best), null)?.id ?? "";
}

async function readAll() {
	const [overview, processes, incidents] = await Promise.all([get("/api/overview"), get("/api/processes"), get("/api/incidents?limit=30")]);
	chooseBrand(overview.brands);
	const brand = state.brand, query = encodeURIComponent(brand);
	let series = null, mentions = { mentions: [] };
	if (brand)
		[series, mentions] = await Promise.all([
			get(`/api/series?brand=${query}&minutes=${state.minutes}&step=${state.step}`),
			get(`/api/mentions?brand=${query}&limit=${mentionsShown}`),
		]);
	if (brand !== state.brand)
		return; /* another card was chosen meanwhile: its own answer is on the way */
	Object.assign(state, { overview, series, processes: processes.processes, incidents: incidents.incidents, mentions: mentions.mentions.map(corrected) });
	state.seenMs = overview.now_ms;
}

let timer = 0, turn = 0;

async function refresh() {
	clearTimeout(timer);
	const mine = ++turn;
	try {
		await readAll();
		state.trouble = null;
	} catch (error) {
		state.trouble = error instanceof Refused ? error.message : "unreachable";
	}
	if (mine !== turn)
		return;
	render();
	if (!document.hidden)
		timer = setTimeout(refresh, refreshMs);
}

/* ---- words for what the data names ---- */

const levels = ["blue", "yellow", "orange", "red"];
const openStates = ["detected", "acknowledged", "assigned", "assessing", "responding", "monitoring"];
const isOpen = (incident) => openStates.includes(incident.state);
const brandOf = (id) => state.overview?.brands.find((b) => b.id === id);
const nameOf = (brand) => (brand ? (language === "zh" ? brand.name : brand.name_en) || brand.id : "");
const levelBadge = (level) => make("span", "badge level-" + (levels.includes(level) ? level : "blue"), text("level_" + level, {}, level));
const now = () => state.overview?.now_ms ?? Date.now();

function timed(ms, words) {
	const node = make("time", "", words);
	node.dateTime = new Date(ms).toISOString();
	node.title = fullTime(ms);
	return node;
}

/* ---- header ---- */

const aliveOf = (role) => state.processes.filter((p) => p.role === role && p.alive);

function renderRole(role) {
	const alive = aliveOf(role).length;
	const node = make("li", alive > 0 ? "on" : "off", text(role) + (alive > 1 ? " ×" + alive : ""));
	node.title = alive > 0 ? text("roleCount", { role: text(role), n: alive }) : text("roleNone", { role: text(role) });
	return node;
}

function troubleText() {
	const time = state.seenMs > 0 ? clockTime(state.seenMs) : text("nothingYet");
	if (state.trouble === "unreachable")
		return text("unreachable", { time });
	if (state.trouble === "redis")
		return text("redisAway", { time });
	if (state.trouble)
		return text("degraded", { why: state.trouble });
	const missing = state.overview ? roles.filter((role) => aliveOf(role).length === 0) : [];
	return missing.length > 0 ? text("missingRoles", { roles: missing.map((role) => text(role)).join(text("listComma")) }) : "";
}

function setText(node, words) {
	if (node.textContent !== words)
		node.textContent = words;
}

function renderHead() {
	const trouble = troubleText();
	setText($("banner"), trouble);
	$("banner").hidden = trouble === "";
	$("banner").classList.toggle("grave", state.trouble !== null);
	document.body.classList.toggle("stale", state.trouble !== null && state.overview !== null);
	refreshList($("roles"), roles.map((role) => ({ role, n: aliveOf(role).length })), (r) => r.role, language, (r) => renderRole(r.role));
	$("roles").hidden = state.overview === null;
	setText($("version"), state.overview ? "earshot " + state.overview.version : "earshot");
	const open = state.incidents.filter(isOpen).length;
	document.title = (open > 0 ? `(${open}) ` : "") + "earshot " + text("tagline");
}

function renderFresh() {
	setText($("fresh"), state.seenMs === 0 ? text("connecting") : text("updated", { n: span(Math.max(0, Date.now() - state.seenMs)) }));
}

/* ---- brands ---- */

function renderCard({ brand, chosen }) {
	const card = make("button", "card" + (brand.incident ? " alarm-" + brand.incident.level : ""),
		make("span", "top", make("span", "name", nameOf(brand)), brand.incident ? levelBadge(brand.incident.level) : null),
		make("span", "numbers", make("span", "big", count(brand.hour.all)), make("span", "", text("lastHour"))),
		sparkline(brand.hours, brand.hours_negative),
		make("span", "foot", make("span", "", make("b", "", count(brand.day.all)), " ", text("lastDay")),
			make("span", "share", make("b", "", percent(brand.day.negative, brand.day.all)), " ", text("negativeShare"))),
		brand.waiting > 0 ? make("span", "waiting", text("waiting", { n: count(brand.waiting) })) : null);
	card.type = "button";
	card.setAttribute("aria-pressed", String(chosen));
	card.addEventListener("click", () => choose({ brand: brand.id }));
	return card;
}

/* The worst first; the others keep their places whatever their counts do. */
function byTrouble(a, b) {
	const rank = (brand) => (brand.incident ? levels.indexOf(brand.incident.level) : -1);
	return rank(b) - rank(a) || (a.id < b.id ? -1 : 1);
}

function renderBrands() {
	const brands = [...(state.overview?.brands ?? [])].sort(byTrouble);
	const rows = brands.map((brand) => ({ brand, chosen: brand.id === state.brand }));
	refreshList($("cards"), rows, (row) => row.brand.id, language, renderCard);
	$("no-brands").hidden = state.overview === null || brands.length > 0;
}

/* ---- incidents ---- */

function cell(label, ...children) {
	const node = make("td", "", ...children);
	node.dataset.label = text(label);
	return node;
}

function sizeOf(incident) {
	const small = [text("inWindow", { n: count(incident.observed), window: span(incident.window_ms) }), text("expected", { n: decimal(incident.expected) })];
	return [
		make("b", "", incident.ratio > 0 ? text("times", { n: decimal(incident.ratio) }) : count(incident.observed)),
		make("small", "", small.join(" · ")),
	];
}

function copyButton(command) {
	const button = make("button", "copy", text("copy"));
	button.type = "button";
	button.addEventListener("click", async () => {
		await navigator.clipboard?.writeText(command).catch(() => {});
		button.textContent = text("copied");
		setTimeout(() => (button.textContent = text("copy")), 1500);
	});
	return button;
}

function commandOf(incident) {
	const verb = incident.state === "detected" ? "ack" : "close";
	return `earshot incidents ${verb} ${incident.id} --by NAME --note TEXT`;
}

function detailOf(incident) {
	const parts = [text("sinceOnset", { posts: count(incident.posts ?? 0), negative: count(incident.negative ?? 0), complaints: count(incident.complaints ?? 0) })];
	if (incident.by)
		parts.push(text("by", { by: incident.by, note: incident.note || "–" }));
	if (incident.muted_until_ms > now())
		parts.push(text("mutedUntil", { time: moment(incident.muted_until_ms, now()) }));
	return parts.join(" · ");
}

function renderIncident(incident) {
	const command = commandOf(incident), what = [text("series_" + incident.series, {}, incident.series)];
	if (incident.category)
		what.push(text("category_" + incident.category, {}, incident.category));
	const extra = make("td", "extra", make("span", "detail", detailOf(incident)), make("span", "command", make("code", "", command), copyButton(command)));
	extra.colSpan = 5;
	return make("tbody", "", make("tr", "",
		cell("level", levelBadge(incident.level)),
		cell("brand", make("b", "", nameOf(brandOf(incident.brand)) || incident.brand), make("small", "", what.join(" · "))),
		cell("since", timed(incident.onset_ms, moment(incident.onset_ms, now())), make("small", "", ago(incident.onset_ms, now()))),
		cell("size", ...sizeOf(incident)),
		cell("state", text("state_" + incident.state, {}, incident.state))),
	make("tr", "", extra));
}

function renderEarlier(incident) {
	const brand = nameOf(brandOf(incident.brand)) || incident.brand;
	return make("li", "", levelBadge(incident.level), make("b", "", brand), timed(incident.onset_ms, moment(incident.onset_ms, now())),
		make("span", "", text("state_" + incident.state, {}, incident.state)), make("small", "", text("sinceOnset", {
			posts: count(incident.posts ?? 0), negative: count(incident.negative ?? 0), complaints: count(incident.complaints ?? 0) })));
}

/* Tells a screen reader of incidents that were not there before; the first look tells nothing. */
function announce(open) {
	const fresh = open.filter((i) => state.knownIncidents && !state.knownIncidents.has(i.id));
	state.knownIncidents = new Set([...(state.knownIncidents ?? []), ...open.map((i) => i.id)]);
	const sentence = (i) => text("newIncident", { brand: nameOf(brandOf(i.brand)) || i.brand, level: text("level_" + i.level, {}, i.level) });
	if (fresh.length > 0)
		$("announce").textContent = fresh.map(sentence).join(". ");
}

function refreshIncidentRows(table, open) {
	const holder = table.tBodies;
	const wanted = JSON.stringify([language, open, Math.floor(now() / 60000)]);
	if (table.look === wanted)
		return;
	table.look = wanted;
	[...holder].forEach((body) => body.remove());
	table.append(...open.map(renderIncident));
}

function renderIncidents() {
	const open = state.incidents.filter(isOpen), earlier = state.incidents.filter((i) => !isOpen(i));
	refreshIncidentRows($("incident-table"), open);
	$("incident-table").hidden = open.length === 0;
	$("no-incidents").hidden = state.overview === null || open.length > 0;
	setText($("open-count"), open.length > 0 ? text("openCount", { n: open.length }) : "");
	$("earlier").hidden = earlier.length === 0;
	setText($("earlier-title"), text("earlier", { n: earlier.length }));
	refreshList($("earlier-list"), earlier, (i) => i.id, language, renderEarlier);
	if (state.overview)
		announce(open);
}

/* ---- trend ---- */

function renderTrend() {
	const name = nameOf(brandOf(state.brand));
	setText($("trend-title"), text("trend", { brand: name || "–" }));
	for (const button of $("ranges").children)
		button.setAttribute("aria-pressed", String(Number(button.dataset.minutes) === state.minutes));
	if (state.series)
		drawChart(chart, state.series, name);
}

/* ---- mentions ---- */

/* As a person corrected it: the correction's words stand in place of the verdict's. */
function corrected(mention) {
	const word = mention.correction;
	if (!word)
		return mention;
	const category = word.category === "none" ? "" : word.category;
	return { ...mention, ...word, category: category ?? mention.category, at_ms: mention.at_ms,
		complaint: word.nature ? Number(word.nature === "complaint") : mention.complaint };
}

function chips(mention) {
	const labels = ["negative", "neutral", "positive"];
	const list = [make("span", "chip label-" + (labels.includes(mention.label) ? mention.label : "neutral"), text(mention.label, {}, mention.label))];
	const add = (prefix, word, className) => list.push(make("span", "chip " + className, text(prefix + word, {}, word)));
	if (mention.category)
		add("category_", mention.category, "");
	if (mention.urgency === "high" || mention.urgency === "critical")
		add("urgency_", mention.urgency, "urgent");
	if (mention.nature && !["complaint", "other"].includes(mention.nature))
		add("nature_", mention.nature, "");
	if (mention.own)
		list.push(make("span", "chip", text("own")));
	if (mention.is_edited)
		list.push(make("span", "chip", text("edited")));
	if (mention.correction)
		list.push(make("span", "chip", text("corrected", { by: mention.correction.by })));
	return list;
}

function sourceLine(mention) {
	const parts = [text("family_" + mention.family, {}, mention.family || ""), mention.source].filter((part) => part);
	if (mention.stars > 0)
		parts.push(text("stars", { n: mention.stars }));
	return make("span", "source", make("bdi", "", parts.join(" · ")));
}

function foldButton(mention, body) {
	const isLong = Array.from(mention.text).length > foldedChars || mention.text.split("\n").length > 4;
	if (!isLong)
		return null;
	const button = make("button", "more");
	const show = () => {
		const open = state.unfolded.has(mention.id);
		body.classList.toggle("folded", !open);
		button.textContent = text(open ? "less" : "more");
		button.setAttribute("aria-expanded", String(open));
	};
	button.type = "button";
	button.addEventListener("click", () => {
		if (!state.unfolded.delete(mention.id))
			state.unfolded.add(mention.id);
		show();
	});
	show();
	return button;
}

function renderMention(mention) {
	if (mention.unreadable)
		return make("article", "mention", make("p", "body", text("unreadable")));
	const at = mention.at_ms;
	const when = timed(at, ago(at, now()));
	when.className = "when";
	const head = make("div", "meta", ...chips(mention), sourceLine(mention), when, outsideLink(mention.url, text("original") + " ↗", text("opens")));
	const of = (field) => mention.places.filter((place) => place.field === field);
	const title = mention.title ? make("h3", "", ...marked(mention.title, of("title"))) : null;
	const body = make("p", "body", ...marked(mention.text, of("text")), mention.is_cut ? "…" : "");
	for (const node of [title, body])
		node?.setAttribute("dir", "auto");
	if (mention.lang)
		body.lang = mention.lang;
	return make("article", "mention is-" + mention.label, head, title, body, foldButton(mention, body));
}

const passes = {
	all: () => true,
	negative: (mention) => mention.label === "negative",
	complaint: (mention) => mention.complaint >= 0.5 || mention.nature === "complaint",
};

function renderMentions() {
	const shown = state.mentions.filter(passes[state.filter]);
	refreshList($("mentions"), shown, (m) => m.id, language, renderMention);
	for (const node of $("mentions").querySelectorAll("time"))
		setText(node, ago(Date.parse(node.dateTime), now()));
	for (const button of $("filters").children)
		button.setAttribute("aria-pressed", String(button.dataset.filter === state.filter));
	$("no-mentions").hidden = state.overview === null || shown.length > 0;
}

/* ---- processes ---- */

function renderProcess(p) {
	const where = make("span", "", p.host, make("small", "", " pid " + p.pid));
	const number = (words) => make("td", "number", words);
	const memory = p.metrics?.rss_bytes > 0 ? megabytes(p.metrics.rss_bytes) : "–";
	return make("tr", p.alive ? "" : "silent", make("td", "", make("span", "dot " + (p.alive ? "on" : "off")), text(p.role, {}, p.role)), make("td", "", where),
		make("td", "", p.up), number(memory), number(p.beat));
}

function renderProcesses() {
	const place = (p) => (roles.includes(p.role) ? roles.indexOf(p.role) : roles.length);
	const sorted = [...state.processes].sort((a, b) => place(a) - place(b) || (a.id < b.id ? -1 : 1));
	const rows = sorted.map((p) => ({ ...p, beat_ms: 0, up: span(now() - p.started_ms), beat: ago(p.beat_ms, now()),
		metrics: { rss_bytes: p.metrics.rss_bytes } }));
	refreshList($("processes"), rows, (p) => p.id, language, renderProcess);
	$("process-table").hidden = rows.length === 0;
	$("no-processes").hidden = state.overview === null || rows.length > 0;
}

/* ---- the whole page ---- */

function renderWords() {
	document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
	for (const node of document.querySelectorAll("[data-text]"))
		setText(node, text(node.dataset.text));
	for (const node of document.querySelectorAll("[data-label]:not(td)"))
		node.setAttribute("aria-label", text(node.dataset.label));
	for (const button of $("languages").children)
		button.setAttribute("aria-pressed", String(button.dataset.language === language));
}

function render() {
	renderHead();
	renderFresh();
	renderBrands();
	renderIncidents();
	renderTrend();
	renderMentions();
	renderProcesses();
}

function choose(change) {
	Object.assign(state, change);
	if (change.brand) {
		history.replaceState(null, "", "#" + encodeURIComponent(change.brand));
		state.series = null;
	}
	render();
	refresh();
}

$("languages").addEventListener("click", (event) => {
	if (!event.target.dataset.language)
		return;
	setLanguage(event.target.dataset.language);
	renderWords();
	render();
});
$("ranges").addEventListener("click", (event) => {
	if (event.target.dataset.minutes)
		choose({ minutes: Number(event.target.dataset.minutes), step: Number(event.target.dataset.step) });
});
$("filters").addEventListener("click", (event) => {
	if (!event.target.dataset.filter)
		return;
	state.filter = event.target.dataset.filter;
	renderMentions();
});
window.addEventListener("hashchange", () => choose({ brand: brandInAddress() }));
document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : refresh()));
new ResizeObserver(() => state.series && drawChart(chart, state.series, nameOf(brandOf(state.brand)))).observe($("chart"));
setInterval(() => document.hidden || renderFresh(), 1000);

renderWords();
renderFresh();
refresh();
