// Drives the console's page in Chromium against a real Redis and the real binary. Usage: node console.mjs [BINARY]
// Prints `ok - …` / `not ok - …` a line, exits 1 when anything failed, 77 when something it needs is not installed.
// Screenshots go to ../../build/browser/.
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { addBrand, addCounts, addIncident, addMention, clearMentions, redisClient } from "./data.mjs";

const here = path.dirname(fileURLToPath(import.meta.url)), root = path.resolve(here, "../..");
const binary = path.resolve(process.argv[2] ?? path.join(root, "build/earshot"));
const browserPath = "/usr/bin/chromium", shots = path.join(root, "build/browser"), shared = path.resolve(root, "../shared/data/badinput");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "earshot-browser-"));
const socketPath = path.join(folder, "redis.sock");
const children = [];
let failures = 0, passes = 0;

function check(name, fine, detail = "") {
	fine ? passes++ : failures++;
	console.log(`${fine ? "ok" : "not ok"} - ${name}${fine || detail === "" ? "" : ` (${detail})`}`);
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function until(what, patienceMs = 8000) {
	for (const end = Date.now() + patienceMs; Date.now() < end; await pause(50)) {
		const value = await what();
		if (value)
			return value;
	}
	return null;
}

async function modules() {
	if (!fs.existsSync(browserPath) || !fs.existsSync(binary)) {
		console.log(`skipped: ${fs.existsSync(binary) ? browserPath + " is not installed (apt-get install chromium)" : binary + " is not built"}`);
		process.exit(77);
	}
	try {
		return (await import("playwright-core")).chromium;
	} catch {
		console.log("skipped: playwright-core is not installed (npm ci in tests/browser)");
		process.exit(77);
	}
}

// ---- servers ----

function start(command, args, options = {}) {
	const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], ...options });
	children.push(child);
	return child;
}

async function startRedis() {
	const child = start("redis-server", ["--port", "0", "--unixsocket", socketPath, "--save", "", "--appendonly", "yes", "--dir", folder]);
	child.stdout.resume();
	await until(() => fs.existsSync(socketPath));
	const functions = execFileSync(binary, ["keys", "--format", "functions"]);
	await until(() => {
		try {
			return execFileSync("redis-cli", ["-s", socketPath, "-x", "FUNCTION", "LOAD", "REPLACE"], { input: functions, stdio: ["pipe", "pipe", "ignore"] });
		} catch {
			return null;
		}
	});
	return child;
}

async function startConsole() {
	const config = path.join(folder, "earshot.conf");
	fs.writeFileSync(config, `[earshot]\ndata = ${folder}\nlog_level = error\n[console]\nport = 0\n`);
	const child = start(binary, ["console", "--config", config, "--redis", "unix://" + socketPath]);
	let said = "";
	child.stdout.on("data", (bytes) => (said += bytes));
	const url = await until(() => /console: (http:\S+)/.exec(said)?.[1]);
	check("the console says where it listens", url !== null, said);
	check("the console keeps its URL in the data folder", fs.readFileSync(path.join(folder, "console.url"), "utf8").trim() === url);
	return { child, url };
}

// ---- data ----

const now = Date.now();
const brands = [
	{ id: "xingyao", name: "星曜手机", name_en: "Xingyao Phone" },
	{ id: "lantern", name: "灯笼快递", name_en: "Lantern Express" },
	{ id: "northwind", name: "北风航空", name_en: "Northwind Air" },
];
const hostileTitle = "<img src=x onerror=alert(1)>";
const hostileText = "<script>alert(document.domain)</script>\u202Eevil\u202C <svg onload=alert(2)> {{7*7}} '\"--><b>bold</b>";

async function fill(redis) {
	for (const brand of brands) {
		await addBrand(redis, brand);
		await addCounts(redis, brand.id, now, brand.id === "xingyao");
	}
	await addIncident(redis, "xingyao", now, { state: "detected" });
	await addIncident(redis, "northwind", now - 86400000, { state: "resolved", level: "yellow" });
	await addMention(redis, "xingyao", now - 20000, {
		title: "手机充电时冒烟，售后踢皮球", text: "昨晚星曜手机充电时冒烟起火，客服三次都说转接，太离谱了！", url: "https://forum.example/t/1", lang: "zh-Hans",
		seen: ["星曜手机"], reasons: [["起火", "complaint", 0.9], ["离谱", "sentiment", -0.8], ["转接", "model.label", -1.2], ["三次", "model.nature", 0.7]], verdict: { urgency: "critical" },
	});
	await addMention(redis, "xingyao", now - 90000, {
		text: "My 😀 Xingyao overheated again and support refused the refund, terrible.", url: "http://review.example/2", family: "review", lang: "en", stars: 1,
		seen: ["Xingyao"], reasons: [["terrible", "sentiment", -0.9]], verdict: { category: "refund" },
	});
	await addMention(redis, "xingyao", now - 200000, { title: hostileTitle, text: hostileText, url: "javascript:alert(3)", source: "<i>x</i>", verdict: { category: "<u>quality</u>" } });
	await addMention(redis, "xingyao", now - 400000, { text: "拍照很清楚，星曜手机这次升级很满意。", family: "social", verdict: { label: "positive", complaint: 0.05, nature: "praise", category: "", urgency: "low" } });
	await addMention(redis, "lantern", now - 60000, { text: "灯笼快递今天送到了。", verdict: { label: "neutral", complaint: 0.1, nature: "other", category: "", urgency: "normal" } });
}

// ---- the browser ----

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const trouble = { dialogs: 0, errors: [], violations: [], outside: [] };

async function openPage(browser, url, options) {
	const context = await browser.newContext(options), page = await context.newPage();
	page.on("dialog", (dialog) => { trouble.dialogs++; dialog.dismiss(); });
	page.on("pageerror", (error) => trouble.errors.push(error.message));
	page.on("console", (message) => /Content.Security.Policy/i.test(message.text()) && trouble.violations.push(message.text()));
	const origin = new URL(url).origin + "/";
	page.on("request", (request) => !request.url().startsWith(origin) && !request.url().startsWith("data:") && trouble.outside.push(request.url()));
	await page.goto(url);
	await page.waitForSelector(".card");
	return page;
}

const textsOf = (page, selector) => page.locator(selector).allTextContents();

async function checkContent(page) {
	check("brands are shown as cards in the page's language", (await textsOf(page, ".card .name")).join() === "星曜手机,灯笼快递,北风航空" ||
		(await textsOf(page, ".card .name")).sort().join() === brands.map((b) => b.name).sort().join(), (await textsOf(page, ".card .name")).join());
	check("the brand in trouble is chosen and carries its level", (await page.locator(".card[aria-pressed=true]").textContent()).includes("红"));
	check("the chart draws all and negative columns", (await page.locator("#chart rect.all").count()) > 20 && (await page.locator("#chart rect.negative").count()) > 10);
	check("the chart marks the onset", (await page.locator("#chart .onset line").count()) === 1);
	check("the chart says in words what it shows", /星曜手机.*条/.test(await page.locator("#chart").getAttribute("aria-label")));
	const incident = await page.locator("#incident-table tbody").allTextContents();
	check("the open incident has a row with size against expected and a command", incident.length === 1 && /312 条/.test(incident[0]) && /预期 24/.test(incident[0]) &&
		/earshot incidents ack [0-9a-f]{32} --by/.test(incident[0]), incident.join());
	check("the closed incident is among the earlier ones", (await textsOf(page, "#earlier-list li")).length === 1);
	check("brand and reasons are marked in the text", (await textsOf(page, "mark.mark-brand")).includes("星曜手机") &&
		(await textsOf(page, "mark.mark-reason")).includes("起火") && (await textsOf(page, "mark.mark-negative")).includes("离谱"));
	check("what the model went by is marked like a reason of the rules", (await textsOf(page, "mark.mark-negative")).includes("转接") &&
		(await textsOf(page, "mark.mark-reason")).includes("三次"));
	check("places count code points, also behind an emoji", (await textsOf(page, "mark")).includes("Xingyao") && (await textsOf(page, "mark")).includes("terrible"), (await textsOf(page, "mark")).join());
	check("links go to http and https only and tell nobody where from", await page.locator("a.outside").evaluateAll((links) =>
		links.length === 2 && links.every((a) => /^https?:/.test(a.href) && a.rel === "noopener noreferrer" && a.target === "_blank")));
	check("missing roles are said", (await page.locator("#banner").textContent()).includes("采集"));
	check("no author gets to the page", !(await page.content()).includes("0123456789abcdef"));
}

async function checkHostile(page) {
	check("hostile words are shown as they are", (await textsOf(page, ".mention h3")).includes(hostileTitle) && (await textsOf(page, ".mention .body")).includes(hostileText));
	check("hostile words make no element", (await page.locator(".mention img, .mention script, .mention svg, .mention i, .mention u, .mention .body b").count()) === 0);
}

async function checkLanguage(page) {
	await page.click("[data-language=en]");
	check("English is one click away", (await textsOf(page, ".card .name")).includes("Xingyao Phone") && (await page.locator("#incidents-title").textContent()) === "Incidents");
	check("nothing Chinese is left but names and posts", !/[\u4e00-\u9fff]/.test(await page.locator(".bar h1, #incidents, #trend-title, #ranges, figcaption, #filters, footer").allTextContents().then((all) => all.join())));
	check("the document says its language", (await page.locator("html").getAttribute("lang")) === "en");
	await page.reload();
	await page.waitForSelector(".card");
	check("the language is remembered", (await page.locator("#incidents-title").textContent()) === "Incidents");
	await page.click("[data-language=zh]");
}

async function checkUse(page) {
	await page.click(".card:has-text('灯笼快递')");
	const seen = await until(async () => (await textsOf(page, ".mention .body")).join() === "灯笼快递今天送到了。");
	check("choosing a brand shows its mentions and trend", seen && (await page.locator("#trend-title").textContent()).includes("灯笼快递"));
	check("the chosen brand stands in the address", page.url().endsWith("#lantern"));
	await page.click(".card:has-text('星曜手机')");
	await page.click("[data-filter=complaint]");
	check("mentions can be filtered", await until(async () => (await page.locator(".mention").count()) === 3));
	await page.click("[data-filter=all]");
	const columns = await page.locator("#chart rect.all").count();
	await page.click("[data-minutes='720']");
	check("the range can be changed", await until(async () => (await page.locator("#chart rect.all").count()) > 40));
	await page.click("[data-minutes='180']");
	await until(async () => (await page.locator("#chart rect.all").count()) === columns); // a redraw of another range forgets what was looked at
	await page.focus("#chart");
	await page.keyboard.press("ArrowLeft");
	check("the chart can be read with the keyboard", /全部 \d+/.test(await page.locator("#readout").textContent()));
}

async function checkPhone(browser, url) {
	for (const width of [360, 414]) {
		const page = await openPage(browser, url, { viewport: { width, height: 780 }, locale: "zh-CN", deviceScaleFactor: 2, hasTouch: true, isMobile: true });
		await page.waitForSelector(".mention");
		const inner = await page.evaluate(() => document.documentElement.scrollWidth);
		check(`a phone of ${width} px has nothing to scroll sideways`, inner <= width, `${inner} px`);
		await page.screenshot({ path: path.join(shots, `phone-${width}.png`), fullPage: true });
		await page.context().close();
	}
}

async function checkFresh(page, redis) {
	const node = await page.locator(".mention").first().elementHandle();
	await addMention(redis, "xingyao", Date.now(), { text: "刚刚发生：星曜手机又出问题了" });
	const shown = await until(async () => (await textsOf(page, ".mention .body"))[0] === "刚刚发生：星曜手机又出问题了");
	check("a new mention appears by itself", shown !== null);
	check("what was there is not drawn again", await node.evaluate((n) => n.isConnected));
	await addIncident(redis, "lantern", Date.now(), { state: "detected", level: "orange" });
	check("a new incident is announced", await until(async () => (await page.locator("#announce").textContent()).includes("灯笼快递")));
}

async function checkDegraded(page, redisServer) {
	redisServer.kill("SIGKILL");
	check("Redis away: the page says so and keeps what it has", (await until(async () => (await page.locator("#banner").textContent()).includes("Redis 没有响应"), 15000)) &&
		(await page.locator(".card").count()) === 3);
	await page.screenshot({ path: path.join(shots, "degraded.png") });
	fs.rmSync(socketPath, { force: true });
	await startRedis();
	check("Redis back: the page goes on by itself", await until(async () => !(await page.locator("#banner").textContent()).includes("Redis"), 15000));
}

// ---- packs of hostile input ----

const pack = (name) => fs.existsSync(path.join(shared, name)) ? fs.readFileSync(path.join(shared, name), "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)) : null;

async function checkPayloads(browser, url, redis) {
	const payloads = pack("xss.jsonl");
	if (!payloads) {
		console.log("skipped: the xss pack is not beside the checkout");
		return;
	}
	const page = await openPage(browser, url + "#hostile", { viewport: { width: 1200, height: 900 }, locale: "en-GB" });
	let shown = 0;
	for (let at = 0; at < payloads.length; at += 50) {
		const batch = payloads.slice(at, at + 50).map((row) => row.payload);
		await clearMentions(redis, "hostile");
		await Promise.all(batch.map((payload, i) => addMention(redis, "hostile", now - i * 1000 - at, {
			title: payload, text: payload, url: payload, source: payload.slice(0, 200), lang: payload.slice(0, 50), seen: [payload, payload.slice(0, 3)],
			verdict: { label: payload.slice(0, 40), category: payload.slice(0, 40), nature: payload.slice(0, 40) } })));
		await page.reload();
		await until(async () => (await page.locator(".mention").count()) === batch.length, 3000);
		shown += await page.locator(".mention").count();
	}
	check(`${payloads.length} payloads are shown and none acts`, shown === payloads.length && trouble.dialogs === 0 && trouble.violations.length === 0, `${shown} shown`);
	check("the page stays on its address", page.url().startsWith(url));
	await page.context().close();
}

const rawStatus = (url, options) => new Promise((done) => {
	const request = http.request(url, options, (answer) => { answer.resume(); done(answer.statusCode); });
	request.on("error", () => done(0));
	request.end();
});

async function checkDoors(url) {
	check("another Host is refused", (await rawStatus(url, { headers: { host: "evil.example" } })) === 421);
	check("another method is refused", (await rawStatus(url, { method: "POST" })) === 405);
	const answer = await fetch(url + "api/nothing");
	check("an unknown path is 404 with a sentence", answer.status === 404 && typeof (await answer.json()).error === "string");
	check("a wrong parameter is 400 with a sentence", (await fetch(url + "api/mentions?brand=A%7D")).status === 400 && (await fetch(url + "api/mentions?brand=nobody")).status === 404);
	const metrics = await (await fetch(url + "metrics")).text();
	check("metrics are told", /^earshot_build_info\{version="[^"]+"\} 1$/m.test(metrics) && /^earshot_brand_open_incidents\{brand="xingyao"\} 1$/m.test(metrics));
	check("it is alive and ready", (await fetch(url + "healthz")).ok && (await fetch(url + "readyz")).ok);
	const paths = pack("traversal.jsonl") ?? [];
	const leaked = [];
	for (const { path: raw } of paths) {
		let target = raw.startsWith("/") ? raw : "/" + raw;
		target = target.replace(/[^\x21-\x7e]/g, (c) => encodeURIComponent(c));
		const isPage = target.split("?")[0] === "/"; /* "/??%c0%af…" asks for the page with an odd query */
		if ((await rawStatus(new URL(url).origin, { path: target })) === 200 && !isPage)
			leaked.push(target);
	}
	check(`${paths.length} traversals find nothing`, leaked.length === 0, leaked.join(" "));
}

// ---- all of it ----

async function run(chromium) {
	fs.mkdirSync(shots, { recursive: true });
	const redisServer = await startRedis();
	let redis = redisClient(socketPath);
	await fill(redis);
	const { child, url } = await startConsole();
	await until(async () => (await fetch(url + "readyz")).ok);
	const browser = await chromium.launch({ executablePath: browserPath, headless: true, args: flags });
	const page = await openPage(browser, url, { viewport: { width: 1360, height: 900 }, locale: "zh-CN" });
	await page.waitForSelector(".mention");
	await page.screenshot({ path: path.join(shots, "desktop-zh.png") });
	await checkContent(page);
	await checkHostile(page);
	await checkLanguage(page);
	await checkUse(page);
	await checkFresh(page, redis);
	await checkPhone(browser, url);
	const dark = await openPage(browser, url, { viewport: { width: 1360, height: 900 }, locale: "en-GB", colorScheme: "dark" });
	await dark.waitForSelector(".mention");
	await dark.screenshot({ path: path.join(shots, "desktop-en-dark.png") });
	await dark.context().close();
	await checkDoors(url);
	await addBrand(redis, { id: "hostile", name: hostileTitle, name_en: hostileTitle });
	await checkPayloads(browser, url, redis);
	await redis.send("HDEL", "es:{cfg}:brands", "hostile");
	redis.close();
	await pause(3500);
	await checkDegraded(page, redisServer);
	check("no dialog, no error, nothing blocked, nothing asked for elsewhere", trouble.dialogs === 0 && trouble.errors.length === 0 && trouble.violations.length === 0 && trouble.outside.length === 0, JSON.stringify(trouble).slice(0, 1000));
	await browser.close();
	const ended = new Promise((done) => child.on("exit", done));
	child.kill("SIGTERM");
	check("the console ends on TERM with 0", (await ended) === 0);
	check("the URL file is gone with it", !fs.existsSync(path.join(folder, "console.url")));
}

const chromium = await modules();
try {
	await run(chromium);
} catch (error) {
	check("the test ran to its end", false, error.message);
} finally {
	for (const child of children)
		child.kill("SIGKILL");
	await pause(200);
	fs.rmSync(folder, { recursive: true, force: true });
}
console.log(`${passes} passed, ${failures} failed`);
process.exit(failures > 0 ? 1 : 0);
