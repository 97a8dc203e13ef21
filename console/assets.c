/* Table of the embedded page: path, type, bytes; the ETags are made at the first look. */
#include "console/assets.h"

#include "common/base/crypto.h"

#include <stdio.h>

#include "gen/web_app_js.h"
#include "gen/web_chart_js.h"
#include "gen/web_dom_js.h"
#include "gen/web_index_html.h"
#include "gen/web_style_css.h"
#include "gen/web_text_js.h"

#define ASSET(path_, type_, name)                                                                                                \
	{                                                                                                                        \
		.path = path_, .type = type_, .bytes = {(const char *)name, sizeof name - 1 }                                    \
	}

static struct asset assets[] = {
	ASSET("/", "text/html; charset=utf-8", web_index_html),
	ASSET("/app.js", "text/javascript; charset=utf-8", web_app_js),
	ASSET("/chart.js", "text/javascript; charset=utf-8", web_chart_js),
	ASSET("/dom.js", "text/javascript; charset=utf-8", web_dom_js),
	ASSET("/text.js", "text/javascript; charset=utf-8", web_text_js),
	ASSET("/style.css", "text/css; charset=utf-8", web_style_css),
};

/* A tag of the content, so that a browser keeps what is unchanged and takes what is new after an upgrade. */
static void make_etag(struct asset *a)
{
	char hex[17];
	const struct sha256 hash = crypto_sha256(a->bytes);
	crypto_hex(hash.byte, 8, hex);
	(void)snprintf(a->etag, sizeof a->etag, "\"%s\"", hex);
}

const struct asset *assets_find(struct str path)
{
	for (size_t i = 0; i < sizeof assets / sizeof *assets; i++) {
		if (!str_eqc(path, assets[i].path))
			continue;
		if (assets[i].etag[0] == '\0')
			make_etag(&assets[i]);
		return &assets[i];
	}
	return NULL;
}
