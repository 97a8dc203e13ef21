/* HTML that stands alone: frame, escaping, labels in two languages, small charts. */
#include "cli/page.h"

#include "common/base/crypto.h"

#include <math.h>

#define CHART_POINTS 160
#define CHART_WIDTH 640
#define CHART_HEIGHT 90

static const char style[] =
	":root{--ink:#1b2430;--soft:#5d6b7a;--line:#dfe5ec;--paper:#fff;--back:#f3f5f8;--gain:#0a6b3d;--gainback:#e6f5ec;"
	"--loss:#a3261c;--lossback:#fdecea;--new:#1f5fbf;--mark:#ffe08a}"
	"@media(prefers-color-scheme:dark){:root{--ink:#e7ecf2;--soft:#9aa8b8;--line:#303a47;--paper:#1b222b;--back:#12171d;"
	"--gain:#6fd39b;--gainback:#15301f;--loss:#ff9a8f;--lossback:#3a1a17;--new:#7fb0ff;--mark:#6b5300}}"
	"*{box-sizing:border-box}body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"
	"\"PingFang SC\",\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;overflow-wrap:anywhere}"
	"main{max-width:60rem;margin:0 auto;padding:1rem}"
	"h1{font-size:1.35rem;margin:.5rem 0}h2{font-size:1.1rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0 0 .5rem}"
	".en{color:var(--soft);font-weight:normal}span.zh+.en{margin-left:.4em}"
	".say{font-size:1.1rem;font-weight:600;margin:.25rem 0}.say.en{font-size:1rem}"
	".card{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:.9rem;margin:.75rem 0}"
	".facts{color:var(--soft);font-size:.9rem;margin:.25rem 0}"
	"dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.5rem;margin:.5rem 0}"
	"dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-variant-numeric:tabular-nums;font-size:1.05rem}"
	".up{color:var(--gain)}.down{color:var(--loss)}"
	"ul{list-style:none;margin:.5rem 0;padding:0}li.post{border-left:.25rem solid var(--line);padding:.4rem .6rem;"
	"margin:.5rem 0;border-radius:.3rem}li.gain{border-color:var(--gain);background:var(--gainback)}"
	"li.loss{border-color:var(--loss);background:var(--lossback)}"
	"mark{background:var(--mark);color:inherit;padding:0 .1em;border-radius:.15em}"
	".meta{color:var(--soft);font-size:.82rem}.chip{display:inline-block;border:1px solid var(--line);border-radius:1rem;"
	"padding:0 .5em;margin:.1em .2em .1em 0;font-size:.8rem;background:var(--paper);color:var(--ink)}"
	".key{display:inline-block;width:1.2em;height:.6em;margin:0 .3em;vertical-align:middle;border-top:.15em solid "
	"var(--soft)}"
	".key.now{border-color:var(--new);background:var(--new)}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;"
	"font-size:.9rem}"
	"th,td{text-align:left;overflow-wrap:normal;padding:.35rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}"
	"th{color:var(--soft);font-weight:normal;font-size:.8rem}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;"
	"white-space:nowrap}summary{cursor:pointer}svg{width:100%;height:auto;display:block;margin-top:.5rem}"
	".was{fill:none;stroke:var(--soft);stroke-width:1.5}.is{fill:var(--new);fill-opacity:.25;stroke:var(--new);"
	"stroke-width:1.5}a{color:var(--new)}";

void page_text(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		const char c = text.p[i];
		switch (c) {
		case '&':
			buf_addz(out, "&amp;");
			break;
		case '<':
			buf_addz(out, "&lt;");
			break;
		case '>':
			buf_addz(out, "&gt;");
			break;
		case '"':
			buf_addz(out, "&quot;");
			break;
		case '\'':
			buf_addz(out, "&#39;");
			break;
		default:
			buf_addc(out, (unsigned char)c < 0x20 || c == 0x7F ? ' ' : c);
		}
	}
}

void page_foreign(struct buf *out, struct str text)
{
	buf_addz(out, "<bdi>");
	page_text(out, text);
	buf_addz(out, "</bdi>");
}

void page_label(struct buf *out, const char *zh, const char *en)
{
	buf_addf(out, "<span class=\"zh\" lang=\"zh\">%s</span> <span class=\"en\" lang=\"en\">%s</span>", zh, en);
}

void page_heading(struct buf *out, const char *zh, const char *en)
{
	buf_addz(out, "<h2>");
	page_label(out, zh, en);
	buf_addz(out, "</h2>\n");
}

void page_link(struct buf *out, struct str url, struct str text)
{
	const bool is_web = str_istarts(url, STR("https://")) || str_istarts(url, STR("http://"));
	if (is_web) {
		buf_addz(out, "<a rel=\"noopener noreferrer nofollow\" href=\"");
		page_text(out, url);
		buf_addz(out, "\">");
	}
	page_foreign(out, text);
	if (is_web)
		buf_addz(out, "</a>");
}

void page_begin(struct buf *out, const char *zh, const char *en)
{
	const struct sha256 hash = crypto_sha256(str_of(style));
	buf_addz(out, "<!doctype html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
	crypto_base64(out, (struct str){ (const char *)hash.byte, sizeof hash.byte });
	buf_addz(out, "'\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
		      "<meta name=\"referrer\" content=\"no-referrer\"><title>");
	buf_addf(out, "%s · %s</title>\n<style>%s</style></head>\n<body><main>\n<h1>", zh, en, style);
	page_label(out, zh, en);
	buf_addz(out, "</h1>\n");
}

void page_end(struct buf *out)
{
	buf_addz(out, "</main></body></html>\n");
}

/* ---- charts ---- */

/* Posts an hour: bins of a curve need not be equally wide. */
static double bin_of(const uint32_t *hour, size_t n, size_t bin, size_t bins)
{
	const size_t from = bin * n / bins, to = (bin + 1) * n / bins;
	uint64_t sum = 0;
	for (size_t i = from; hour != NULL && i < to; i++)
		sum += hour[i];
	return (double)sum / (double)(to - from);
}

static void add_points(struct buf *out, const uint32_t *hour, size_t n, size_t bins, double most)
{
	for (size_t i = 0; i < bins; i++) {
		const double x = (double)i * CHART_WIDTH / (double)(bins - 1);
		buf_addf(out, "%.1f,%.1f ", x, CHART_HEIGHT - 2 - bin_of(hour, n, i, bins) / most * (CHART_HEIGHT - 6));
	}
}

void page_chart(struct buf *out, const struct page_curves *c)
{
	const size_t bins = c->n < CHART_POINTS ? c->n : CHART_POINTS;
	double most = 1e-9;
	if (bins < 3)
		return;
	for (size_t i = 0; i < bins; i++) {
		most = fmax(most, bin_of(c->before, c->n, i, bins));
		most = fmax(most, bin_of(c->now, c->n, i, bins));
	}
	buf_addf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"每段时间的提及数 mentions over time\">", CHART_WIDTH,
		CHART_HEIGHT);
	buf_addf(out, "<polygon class=\"is\" points=\"0,%d ", CHART_HEIGHT - 2);
	add_points(out, c->now, c->n, bins, most);
	buf_addf(out, "%d,%d\"/>", CHART_WIDTH, CHART_HEIGHT - 2);
	if (c->before != NULL) {
		buf_addz(out, "<polyline class=\"was\" points=\"");
		add_points(out, c->before, c->n, bins, most);
		buf_addz(out, "\"/>");
	}
	buf_addz(out, "</svg>\n");
}
