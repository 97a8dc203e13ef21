/* All words of the page in both languages, and numbers, times and spans as each language writes them. */

const words = {
	zh: {
		tagline: "舆情监测", skip: "跳到事件", roles: "进程", language: "语言", range: "时间范围", filter: "筛选",
		brands: "品牌", incidents: "事件", mentions: "最新提及", processes: "进程", trend: "{brand} · 声量",
		noBrands: "还没有品牌。请在 rules/ 中添加品牌，并启动 earshot crawler。",
		noIncidents: "没有未关闭的事件", noMentions: "没有符合条件的提及", noProcesses: "没有进程在报告心跳",
		level: "级别", brand: "品牌", since: "开始", size: "规模", state: "状态", earlier: "历史事件（{n}）",
		lastHour: "近 1 小时", lastDay: "近 24 小时", negativeShare: "负面", waiting: "{n} 条待处理",
		all: "全部", negative: "负面", positive: "正面", neutral: "中性", complaint: "投诉", complaints: "投诉", filterAll: "全部",
		hours3: "3 小时", hours12: "12 小时", hours24: "24 小时",
		expected: "预期 {n}", inWindow: "{n} 条 / {window}", sinceOnset: "累计 {posts} 条 · 负面 {negative} · 投诉 {complaints}",
		times: "{n} 倍", onset: "起点 {time}", columnCount: "{from}–{to} 全部 {all} · 负面 {negative} · 投诉 {complaint}", running: "（进行中）",
		notWatched: "{from}–{to} 无数据：来源中断",
		chartSummary: "{brand}，{from} 至 {to}：共 {all} 条，其中负面 {negative} 条；{at} 最多，{peak} 条。",
		peakReadout: "最高 {at}：{peak} · 合计 {all} · 负面 {negative}", nothing: "该时段没有提及",
		copy: "复制", copied: "已复制", original: "原文", opens: "在新标签页打开原文", more: "展开", less: "收起", own: "官方账号", edited: "已编辑", corrected: "{by} 已更正",
		unreadable: "该记录无法读取", by: "{by}：{note}", mutedUntil: "静音至 {time}",
		updated: "更新于 {n}前", connecting: "正在连接…", stars: "{n} 星",
		newIncident: "新事件：{brand}，{level}级", openCount: "{n} 个未关闭",
		degraded: "降级：{why}", unreachable: "连接不到控制台，数据停留在 {time}。正在重试。", redisAway: "Redis 没有响应，数据停留在 {time}。帖子会留在原处等待，恢复后自动继续。",
		nothingYet: "尚无数据", missingRoles: "未运行：{roles}。", listComma: "、", roleCount: "{role}：{n} 个在运行", roleNone: "{role}：没有运行",
		role: "角色", where: "位置", up: "已运行", memory: "内存", beat: "心跳",
		crawler: "采集", detector: "检测", notifier: "通知", console: "控制台",
		series_all: "声量", series_negative: "负面声量", series_complaint: "投诉量",
		level_blue: "蓝", level_yellow: "黄", level_orange: "橙", level_red: "红",
		state_detected: "已发现", state_acknowledged: "已确认", state_assigned: "已指派", state_assessing: "研判中", state_responding: "处置中",
		state_monitoring: "观察中", state_resolved: "已解决", state_reviewed: "已复盘", "state_false-alarm": "误报", state_false_alarm: "误报", state_merged: "已合并",
		category_quality: "质量", category_service: "服务", category_logistics: "物流", category_refund: "退款", category_price: "价格", category_safety: "安全",
		category_privacy: "隐私", category_fraud: "欺诈", category_outage: "故障", category_billing: "扣费", category_food: "食品", category_health: "健康", category_other: "其他",
		urgency_high: "紧急", urgency_critical: "危急",
		nature_question: "咨询", nature_praise: "表扬", nature_suggestion: "建议", nature_rumour: "传言", nature_news: "新闻", nature_advertisement: "广告",
		family_forum: "论坛", family_news: "新闻", family_review: "评价", family_complaint: "投诉平台", family_social: "社交", family_blog: "博客", family_video: "视频", family_other: "其他",
	},
	en: {
		tagline: "opinion watch", skip: "Skip to incidents", roles: "Processes", language: "Language", range: "Time range", filter: "Filter",
		brands: "Brands", incidents: "Incidents", mentions: "Latest mentions", processes: "Processes", trend: "{brand} · mentions",
		noBrands: "No brands yet. Add one under rules/ and start earshot crawler.",
		noIncidents: "No open incidents", noMentions: "No mentions of this kind", noProcesses: "No process reports a heartbeat",
		level: "Level", brand: "Brand", since: "Since", size: "Size", state: "State", earlier: "Earlier incidents ({n})",
		lastHour: "last hour", lastDay: "last 24 h", negativeShare: "negative", waiting: "{n} waiting",
		all: "All", negative: "Negative", positive: "Positive", neutral: "Neutral", complaint: "Complaint", complaints: "Complaints", filterAll: "All",
		hours3: "3 h", hours12: "12 h", hours24: "24 h",
		expected: "expected {n}", inWindow: "{n} in {window}", sinceOnset: "{posts} so far · {negative} negative · {complaints} complaints",
		times: "{n}×", onset: "onset {time}", columnCount: "{from}–{to} all {all} · negative {negative} · complaints {complaint}", running: " (running)",
		notWatched: "{from}–{to} no data: sources were down",
		chartSummary: "{brand}, {from} to {to}: {all} mentions, {negative} of them negative; most at {at}, {peak}.",
		peakReadout: "peak {at}: {peak} · total {all} · negative {negative}", nothing: "no mentions in this time",
		copy: "Copy", copied: "Copied", original: "Source", opens: "opens the original in a new tab", more: "More", less: "Less", own: "own account", edited: "edited", corrected: "corrected by {by}",
		unreadable: "This record cannot be read", by: "{by}: {note}", mutedUntil: "muted until {time}",
		updated: "updated {n} ago", connecting: "connecting…", stars: "{n}★",
		newIncident: "New incident: {brand}, level {level}", openCount: "{n} open",
		degraded: "Degraded: {why}", unreachable: "The console does not answer; what you see is from {time}. Trying again.",
		redisAway: "Redis does not answer; what you see is from {time}. Posts wait where they are and go on by themselves.",
		nothingYet: "nothing yet", missingRoles: "Not running: {roles}.", listComma: ", ", roleCount: "{role}: {n} running", roleNone: "{role}: none running",
		role: "Role", where: "Where", up: "Up", memory: "Memory", beat: "Beat",
		crawler: "crawler", detector: "detector", notifier: "notifier", console: "console",
		series_all: "volume", series_negative: "negative volume", series_complaint: "complaints",
		level_blue: "Blue", level_yellow: "Yellow", level_orange: "Orange", level_red: "Red",
		state_detected: "Detected", state_acknowledged: "Acknowledged", state_assigned: "Assigned", state_assessing: "Assessing", state_responding: "Responding",
		state_monitoring: "Monitoring", state_resolved: "Resolved", state_reviewed: "Reviewed", "state_false-alarm": "False alarm", state_false_alarm: "False alarm", state_merged: "Merged",
		category_quality: "quality", category_service: "service", category_logistics: "logistics", category_refund: "refund", category_price: "price", category_safety: "safety",
		category_privacy: "privacy", category_fraud: "fraud", category_outage: "outage", category_billing: "billing", category_food: "food", category_health: "health", category_other: "other",
		urgency_high: "urgent", urgency_critical: "critical",
		nature_question: "question", nature_praise: "praise", nature_suggestion: "suggestion", nature_rumour: "rumour", nature_news: "news", nature_advertisement: "advertisement",
		family_forum: "forum", family_news: "news", family_review: "review", family_complaint: "complaint site", family_social: "social", family_blog: "blog", family_video: "video", family_other: "other",
	},
};

const storageKey = "earshot.language";

function firstLanguage() {
	let kept = null;
	try {
		kept = localStorage.getItem(storageKey);
	} catch {
		/* a browser that keeps nothing still shows the page */
	}
	return kept in words ? kept : (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en";
}

export let language = firstLanguage();

export function setLanguage(to) {
	language = to in words ? to : "en";
	try {
		localStorage.setItem(storageKey, language);
	} catch {
		/* as above */
	}
}

const locale = () => (language === "zh" ? "zh-CN" : "en-GB");

/* The text of a key, with {names} filled in; `fallback` for keys that come from data. */
export function text(key, values = {}, fallback = key) {
	const found = Object.hasOwn(words[language], key) ? words[language][key] : fallback;
	return found.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

export function count(n) {
	return Math.round(n).toLocaleString(locale());
}

export function decimal(n) {
	return n.toLocaleString(locale(), { maximumFractionDigits: n < 10 ? 1 : 0 });
}

export function percent(part, whole) {
	return whole > 0 ? Math.round((100 * part) / whole) + "%" : "–";
}

export function clockTime(ms) {
	return new Date(ms).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false });
}

/* The time alone for today, with its date for other days. */
export function moment(ms, nowMs) {
	const day = (t) => new Date(t).toDateString();
	if (day(ms) === day(nowMs))
		return clockTime(ms);
	return new Date(ms).toLocaleDateString(locale(), { month: "short", day: "numeric" }) + " " + clockTime(ms);
}

export function fullTime(ms) {
	return new Date(ms).toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium", hour12: false });
}

const units = [
	[86400000, { zh: "天", en: "d" }],
	[3600000, { zh: "小时", en: "h" }],
	[60000, { zh: "分钟", en: "min" }],
	[1000, { zh: "秒", en: "s" }],
];

/* A length of time in its largest unit: 3 min, 2 h, 5 d. */
export function span(ms) {
	for (const [size, unit] of units)
		if (ms >= size || size === 1000)
			return Math.max(0, Math.floor(ms / size)) + " " + unit[language];
	return "";
}

export function ago(ms, nowMs) {
	return language === "zh" ? span(nowMs - ms) + "前" : span(nowMs - ms) + " ago";
}

export function megabytes(bytes) {
	return (bytes / 1048576).toFixed(1) + " MB";
}
