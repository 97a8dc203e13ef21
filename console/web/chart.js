/* The trend chart: columns of all mentions with the negative ones in front, drawn as SVG in device-independent pixels. */
import { clockTime, count, text } from "./text.js";

const space = "http://www.w3.org/2000/svg";

export function svgNode(name, attributes, ...children) {
	const node = document.createElementNS(space, name);
	for (const [key, value] of Object.entries(attributes))
		node.setAttribute(key, value);
	node.append(...children);
	return node;
}

/* Whole numbers that divide the height into three or four parts. */
function ticksUpTo(most) {
	const raw = Math.max(1, most) / 4;
	const power = 10 ** Math.floor(Math.log10(raw));
	const step = Math.max(1, [1, 2, 5, 10].map((k) => k * power).find((k) => k >= raw));
	const ticks = [];
	for (let at = step; at < most + step; at += step)
		ticks.push(at);
	return ticks;
}

const minute = 60000;

/* Times to label: round ones, far enough apart to be read. */
function timesOf(series, width) {
	const end = series.from_ms + series.all.length * series.step_ms;
	const wanted = (end - series.from_ms) / Math.max(2, Math.floor(width / 90));
	const step = [15, 30, 60, 120, 180, 240, 360].map((m) => m * minute).find((m) => m >= wanted) || 720 * minute;
	const zone = new Date(series.from_ms).getTimezoneOffset() * minute;
	const times = [];
	for (let at = Math.ceil((series.from_ms - zone) / step) * step + zone; at < end; at += step)
		times.push(at);
	return times;
}

const margin = { left: 34, right: 6, top: 16, bottom: 20 };

function layout(svg, series) {
	const width = Math.max(240, svg.clientWidth || 600), height = Math.max(120, svg.clientHeight || 190);
	const most = Math.max(4, ...series.all.map((n) => n || 0));
	const ticks = ticksUpTo(most);
	const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
	const duration = series.all.length * series.step_ms;
	return {
		width, height, ticks,
		x: (ms) => margin.left + ((ms - series.from_ms) / duration) * inner.width,
		y: (n) => margin.top + inner.height * (1 - n / ticks[ticks.length - 1]),
		column: inner.width / series.all.length,
		base: margin.top + inner.height,
	};
}

function drawGrid(series, at) {
	const group = svgNode("g", { class: "grid" });
	for (const n of [0, ...at.ticks]) {
		group.append(svgNode("line", { x1: margin.left, x2: at.width - margin.right, y1: at.y(n), y2: at.y(n) }));
		group.append(svgNode("text", { x: margin.left - 6, y: at.y(n) + 3.5, "text-anchor": "end" }, count(n)));
	}
	for (const ms of timesOf(series, at.width)) {
		const x = at.x(ms);
		group.append(svgNode("line", { x1: x, x2: x, y1: at.base, y2: at.base + 4 }));
		if (x > margin.left + 12 && x < at.width - 18)
			group.append(svgNode("text", { x, y: at.height - 5, "text-anchor": "middle" }, clockTime(ms)));
	}
	return group;
}

function column(at, x, n, className) {
	const gap = Math.min(2, at.column * 0.2), top = at.y(n);
	return svgNode("rect", { class: className, x: x + gap / 2, y: top, width: Math.max(0.5, at.column - gap), height: at.base - top, rx: Math.min(1.5, at.column / 4) });
}

function drawColumns(series, at) {
	const group = svgNode("g", {});
	series.all.forEach((n, i) => {
		const x = at.x(series.from_ms + i * series.step_ms);
		const running = i === series.all.length - 1 ? " running" : "";
		if (n === null)
			group.append(svgNode("rect", { class: "missing", x, y: margin.top, width: at.column, height: at.base - margin.top }));
		if (n > 0)
			group.append(column(at, x, n, "all" + running));
		if (series.negative[i] > 0)
			group.append(column(at, x, Math.min(series.negative[i], n), "negative" + running));
	});
	return group;
}

/* Where the open incident began; an onset further back than the chart is told at its left edge. */
function drawOnset(series, at) {
	const group = svgNode("g", { class: "onset" });
	if (series.onset_ms === null)
		return group;
	const isBefore = series.onset_ms < series.from_ms;
	const x = isBefore ? margin.left : Math.min(at.x(series.onset_ms), at.width - margin.right);
	const isRight = x > at.width * 0.7;
	const label = (isBefore ? "‹ " : "") + text("onset", { time: clockTime(series.onset_ms) });
	if (!isBefore)
		group.append(svgNode("line", { x1: x, x2: x, y1: 4, y2: at.base }));
	group.append(svgNode("text", { x: isRight ? x - 5 : x + 5, y: 11, "text-anchor": isRight ? "end" : "start" }, label));
	return group;
}

function range(series, i) {
	const from = series.from_ms + i * series.step_ms;
	return { from: clockTime(from), to: clockTime(from + series.step_ms) };
}

const total = (list) => list.reduce((sum, n) => sum + (n || 0), 0);

function peakOf(series) {
	return series.all.reduce((best, n, i) => ((n || 0) > (series.all[best] || 0) ? i : best), 0);
}

function summary(series) {
	const peak = peakOf(series), all = total(series.all);
	if (all === 0)
		return text("nothing");
	return text("peakReadout", { at: range(series, peak).from, peak: count(series.all[peak]), all: count(all), negative: count(total(series.negative)) });
}

function columnReadout(series, i) {
	if (series.all[i] === null)
		return text("notWatched", range(series, i));
	const numbers = { all: count(series.all[i]), negative: count(series.negative[i] || 0), complaint: count(series.complaint[i] || 0) };
	return text("columnCount", { ...range(series, i), ...numbers }) + (i === series.all.length - 1 ? text("running") : "");
}

function describe(svg, series, brandName) {
	const peak = peakOf(series), end = series.from_ms + series.all.length * series.step_ms;
	svg.setAttribute("aria-label", text("chartSummary", {
		brand: brandName, from: clockTime(series.from_ms), to: clockTime(end), all: count(total(series.all)),
		negative: count(total(series.negative)), at: range(series, peak).from, peak: count(series.all[peak] || 0),
	}));
}

/* A column is looked at with the pointer or the arrow keys; its numbers stand below the chart. */
function look(chart, i) {
	const { svg, readout, series, at } = chart;
	chart.looked = i;
	readout.textContent = i === null ? summary(series) : columnReadout(series, i);
	const cursor = svg.querySelector(".cursor");
	if (i === null)
		cursor.setAttribute("width", 0);
	else
		Object.entries({ x: at.x(series.from_ms + i * series.step_ms), width: at.column, y: margin.top, height: at.base - margin.top })
			.forEach(([key, value]) => cursor.setAttribute(key, value));
}

function listen(chart) {
	const { svg } = chart;
	svg.addEventListener("pointermove", (event) => {
		if (!chart.series)
			return;
		const x = event.clientX - svg.getBoundingClientRect().left - margin.left;
		const i = Math.floor(x / chart.at.column);
		look(chart, i >= 0 && i < chart.series.all.length ? i : null);
	});
	svg.addEventListener("pointerleave", () => chart.series && look(chart, null));
	svg.addEventListener("blur", () => chart.series && look(chart, null));
	svg.addEventListener("keydown", (event) => {
		const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
		if (!step || !chart.series)
			return;
		event.preventDefault();
		const last = chart.series.all.length - 1, from = chart.looked ?? (step > 0 ? -1 : last + 1);
		look(chart, Math.min(last, Math.max(0, from + step)));
	});
}

export function makeChart(svg, readout) {
	const chart = { svg, readout, series: null, at: null, looked: null };
	listen(chart);
	return chart;
}

export function drawChart(chart, series, brandName) {
	const { svg } = chart;
	if (chart.series && chart.series.all.length !== series.all.length)
		chart.looked = null;
	chart.series = series;
	chart.at = layout(svg, series);
	svg.setAttribute("viewBox", `0 0 ${chart.at.width} ${chart.at.height}`);
	svg.replaceChildren(svgNode("rect", { class: "cursor", width: 0 }), drawGrid(series, chart.at), drawColumns(series, chart.at), drawOnset(series, chart.at));
	describe(svg, series, brandName);
	look(chart, chart.looked);
}

/* The 24 little columns on a brand's card. */
export function sparkline(all, negative) {
	const width = 96, height = 24, step = width / all.length, most = Math.max(1, ...all);
	const svg = svgNode("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
	const bar = (i, n, className) => svgNode("rect", { class: className, x: i * step + 0.4, width: step - 0.8, y: height - (n / most) * height, height: (n / most) * height });
	all.forEach((n, i) => {
		svg.append(svgNode("rect", { class: "floor", x: i * step + 0.4, width: step - 0.8, y: height - 1, height: 1 }));
		if (n > 0)
			svg.append(bar(i, n, "all"));
		if (negative[i] > 0)
			svg.append(bar(i, Math.min(n, negative[i]), "negative"));
	});
	return svg;
}
