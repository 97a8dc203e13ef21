/* Making and refreshing elements. Foreign words enter the page here and only as text nodes: there is no HTML from data. */

/* An element with a class and children; strings become text. Nothing for null. */
export function make(name, className, ...children) {
	const node = document.createElement(name);
	if (className)
		node.className = className;
	node.append(...children.filter((child) => child !== null && child !== undefined));
	return node;
}

/* Brings `parent` to hold one child a row, in order. A child is made again only when its row (or the language, which is part
 * of `view`) changed, so that nothing flickers, selections stay, and a focused button keeps its focus. */
export function refreshList(parent, rows, keyOf, view, render) {
	const kept = new Map([...parent.children].map((node) => [node.dataset.key, node]));
	let at = parent.firstElementChild;
	for (const row of rows) {
		const key = String(keyOf(row)), look = JSON.stringify([view, row]);
		let node = kept.get(key);
		kept.delete(key);
		if (!node || node.look !== look) {
			const made = render(row);
			made.dataset.key = key;
			made.look = look;
			if (node) {
				const hadFocus = node.contains(document.activeElement);
				if (node === at)
					at = made;
				node.replaceWith(made);
				if (hadFocus)
					(made.matches("button") ? made : made.querySelector("button, a"))?.focus();
			}
			node = made;
		}
		if (node === at)
			at = at.nextElementSibling;
		else
			parent.insertBefore(node, at);
	}
	for (const node of kept.values())
		node.remove();
}

/* A link to where a post was written: http and https only, whatever the record says; null for anything else. */
export function outsideLink(url, label, title) {
	let target = null;
	try {
		target = new URL(url);
	} catch {
		return null;
	}
	if (target.protocol !== "http:" && target.protocol !== "https:")
		return null;
	const link = make("a", "outside", label);
	link.href = target.href;
	link.target = "_blank";
	link.rel = "noopener noreferrer";
	link.title = title + "\n" + target.host;
	return link;
}

/* `whole` with its places wrapped in <mark>. Places count code points; of two that overlap the first, longer one is shown. */
export function marked(whole, places) {
	const points = Array.from(whole), out = [];
	const sorted = [...places].sort((a, b) => a.from - b.from || b.to - a.to);
	let at = 0;
	for (const place of sorted) {
		if (place.from < at || place.to > points.length)
			continue;
		out.push(points.slice(at, place.from).join(""));
		const mark = make("mark", "mark-" + place.kind, points.slice(place.from, place.to).join(""));
		mark.title = place.term;
		out.push(mark);
		at = place.to;
	}
	out.push(points.slice(at).join(""));
	return out.filter((piece) => piece !== "");
}
