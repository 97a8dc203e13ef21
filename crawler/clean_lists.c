/* What the HTML cleaner lets through: elements, attributes, schemes, CSS. */
#include "crawler/clean_lists.h"

#include <assert.h>
#include <string.h>
#include <threads.h>

/* clang-format off */
static const struct clean_row elements[] = {
	{ "a", CLEAN_HTML | CLEAN_SVG, NULL },
	{ "abbr", CLEAN_HTML, NULL },
	{ "acronym", CLEAN_HTML, NULL },
	{ "address", CLEAN_HTML, NULL },
	{ "applet", CLEAN_HIDDEN, NULL },
	{ "area", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "article", CLEAN_HTML, NULL },
	{ "aside", CLEAN_HTML, NULL },
	{ "audio", CLEAN_HTML, NULL },
	{ "b", CLEAN_HTML, NULL },
	{ "bdi", CLEAN_HTML, NULL },
	{ "bdo", CLEAN_HTML, NULL },
	{ "big", CLEAN_HTML, NULL },
	{ "blockquote", CLEAN_HTML, NULL },
	{ "br", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "button", CLEAN_HTML, NULL },
	{ "canvas", CLEAN_HTML, NULL },
	{ "caption", CLEAN_HTML, NULL },
	{ "center", CLEAN_HTML, NULL },
	{ "circle", CLEAN_SVG, NULL },
	{ "cite", CLEAN_HTML, NULL },
	{ "code", CLEAN_HTML, NULL },
	{ "col", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "colgroup", CLEAN_HTML, NULL },
	{ "command", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "data", CLEAN_HTML, NULL },
	{ "datagrid", CLEAN_HTML, NULL },
	{ "datalist", CLEAN_HTML, NULL },
	{ "dd", CLEAN_HTML | CLEAN_CLOSES, NULL },
	{ "defs", CLEAN_SVG, NULL },
	{ "del", CLEAN_HTML, NULL },
	{ "desc", CLEAN_SVG, NULL },
	{ "details", CLEAN_HTML, NULL },
	{ "dfn", CLEAN_HTML, NULL },
	{ "dialog", CLEAN_HTML, NULL },
	{ "dir", CLEAN_HTML, NULL },
	{ "div", CLEAN_HTML, NULL },
	{ "dl", CLEAN_HTML, NULL },
	{ "dt", CLEAN_HTML | CLEAN_CLOSES, NULL },
	{ "ellipse", CLEAN_SVG, NULL },
	{ "em", CLEAN_HTML, NULL },
	{ "event-source", CLEAN_HTML, NULL },
	{ "fieldset", CLEAN_HTML, NULL },
	{ "figcaption", CLEAN_HTML, NULL },
	{ "figure", CLEAN_HTML, NULL },
	{ "font", CLEAN_HTML, NULL },
	{ "footer", CLEAN_HTML, NULL },
	{ "g", CLEAN_SVG, NULL },
	{ "glyph", CLEAN_SVG, NULL },
	{ "h1", CLEAN_HTML, NULL },
	{ "h2", CLEAN_HTML, NULL },
	{ "h3", CLEAN_HTML, NULL },
	{ "h4", CLEAN_HTML, NULL },
	{ "h5", CLEAN_HTML, NULL },
	{ "h6", CLEAN_HTML, NULL },
	{ "header", CLEAN_HTML, NULL },
	{ "hgroup", CLEAN_HTML, NULL },
	{ "hr", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "i", CLEAN_HTML, NULL },
	{ "img", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "input", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "ins", CLEAN_HTML, NULL },
	{ "kbd", CLEAN_HTML, NULL },
	{ "keygen", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "label", CLEAN_HTML, NULL },
	{ "legend", CLEAN_HTML, NULL },
	{ "li", CLEAN_HTML | CLEAN_CLOSES, NULL },
	{ "line", CLEAN_SVG, NULL },
	{ "lineargradient", CLEAN_SVG, "linearGradient" },
	{ "m", CLEAN_HTML, NULL },
	{ "maction", CLEAN_MATH, NULL },
	{ "main", CLEAN_HTML, NULL },
	{ "map", CLEAN_HTML, NULL },
	{ "mark", CLEAN_HTML, NULL },
	{ "marker", CLEAN_SVG, NULL },
	{ "math", CLEAN_MATH, NULL },
	{ "menu", CLEAN_HTML, NULL },
	{ "merror", CLEAN_MATH, NULL },
	{ "metadata", CLEAN_SVG, NULL },
	{ "meter", CLEAN_HTML, NULL },
	{ "mfrac", CLEAN_MATH, NULL },
	{ "mi", CLEAN_MATH, NULL },
	{ "mmultiscripts", CLEAN_MATH, NULL },
	{ "mn", CLEAN_MATH, NULL },
	{ "mo", CLEAN_MATH, NULL },
	{ "mover", CLEAN_MATH, NULL },
	{ "mpadded", CLEAN_MATH, NULL },
	{ "mphantom", CLEAN_MATH, NULL },
	{ "mprescripts", CLEAN_MATH, NULL },
	{ "mroot", CLEAN_MATH, NULL },
	{ "mrow", CLEAN_MATH, NULL },
	{ "mspace", CLEAN_MATH, NULL },
	{ "msqrt", CLEAN_MATH, NULL },
	{ "mstyle", CLEAN_MATH, NULL },
	{ "msub", CLEAN_MATH, NULL },
	{ "msubsup", CLEAN_MATH, NULL },
	{ "msup", CLEAN_MATH, NULL },
	{ "mtable", CLEAN_MATH, NULL },
	{ "mtd", CLEAN_MATH, NULL },
	{ "mtext", CLEAN_MATH, NULL },
	{ "mtr", CLEAN_MATH, NULL },
	{ "multicol", CLEAN_HTML, NULL },
	{ "munder", CLEAN_MATH, NULL },
	{ "munderover", CLEAN_MATH, NULL },
	{ "nav", CLEAN_HTML, NULL },
	{ "nextid", CLEAN_HTML, NULL },
	{ "none", CLEAN_MATH, NULL },
	{ "ol", CLEAN_HTML, NULL },
	{ "optgroup", CLEAN_HTML, NULL },
	{ "option", CLEAN_HTML | CLEAN_CLOSES, NULL },
	{ "output", CLEAN_HTML, NULL },
	{ "p", CLEAN_HTML | CLEAN_CLOSES, NULL },
	{ "path", CLEAN_SVG, NULL },
	{ "picture", CLEAN_HTML, NULL },
	{ "polygon", CLEAN_SVG, NULL },
	{ "polyline", CLEAN_SVG, NULL },
	{ "pre", CLEAN_HTML, NULL },
	{ "progress", CLEAN_HTML, NULL },
	{ "q", CLEAN_HTML, NULL },
	{ "radialgradient", CLEAN_SVG, "radialGradient" },
	{ "rect", CLEAN_SVG, NULL },
	{ "rp", CLEAN_HTML, NULL },
	{ "rt", CLEAN_HTML, NULL },
	{ "ruby", CLEAN_HTML, NULL },
	{ "s", CLEAN_HTML, NULL },
	{ "samp", CLEAN_HTML, NULL },
	{ "script", CLEAN_HIDDEN, NULL },
	{ "section", CLEAN_HTML, NULL },
	{ "select", CLEAN_HTML, NULL },
	{ "small", CLEAN_HTML, NULL },
	{ "sound", CLEAN_HTML, NULL },
	{ "source", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "spacer", CLEAN_HTML, NULL },
	{ "span", CLEAN_HTML, NULL },
	{ "stop", CLEAN_SVG, NULL },
	{ "strike", CLEAN_HTML, NULL },
	{ "strong", CLEAN_HTML, NULL },
	{ "style", CLEAN_HIDDEN, NULL },
	{ "sub", CLEAN_HTML, NULL },
	{ "summary", CLEAN_HTML, NULL },
	{ "sup", CLEAN_HTML, NULL },
	{ "svg", CLEAN_SVG, NULL },
	{ "switch", CLEAN_SVG, NULL },
	{ "table", CLEAN_HTML, NULL },
	{ "tbody", CLEAN_HTML, NULL },
	{ "td", CLEAN_HTML | CLEAN_CLOSES, NULL },
	{ "text", CLEAN_SVG, NULL },
	{ "textarea", CLEAN_HTML, NULL },
	{ "tfoot", CLEAN_HTML, NULL },
	{ "th", CLEAN_HTML | CLEAN_CLOSES, NULL },
	{ "thead", CLEAN_HTML, NULL },
	{ "time", CLEAN_HTML, NULL },
	{ "title", CLEAN_SVG, NULL },
	{ "tr", CLEAN_HTML | CLEAN_CLOSES, NULL },
	{ "track", CLEAN_HTML | CLEAN_VOID, NULL },
	{ "tspan", CLEAN_SVG, NULL },
	{ "tt", CLEAN_HTML, NULL },
	{ "u", CLEAN_HTML, NULL },
	{ "ul", CLEAN_HTML, NULL },
	{ "var", CLEAN_HTML, NULL },
	{ "video", CLEAN_HTML, NULL },
	{ "wbr", CLEAN_HTML | CLEAN_VOID, NULL },
};

static const struct clean_row attributes[] = {
	{ "abbr", CLEAN_HTML, NULL },
	{ "accept", CLEAN_HTML, NULL },
	{ "accept-charset", CLEAN_HTML, NULL },
	{ "accesskey", CLEAN_HTML, NULL },
	{ "actiontype", CLEAN_MATH, NULL },
	{ "align", CLEAN_HTML | CLEAN_MATH, NULL },
	{ "alt", CLEAN_HTML, NULL },
	{ "autocomplete", CLEAN_HTML, NULL },
	{ "autofocus", CLEAN_HTML, NULL },
	{ "autoplay", CLEAN_HTML, NULL },
	{ "axis", CLEAN_HTML, NULL },
	{ "balance", CLEAN_HTML, NULL },
	{ "baseprofile", CLEAN_SVG, "baseProfile" },
	{ "bgcolor", CLEAN_HTML, NULL },
	{ "bgproperties", CLEAN_HTML, NULL },
	{ "border", CLEAN_HTML, NULL },
	{ "bordercolor", CLEAN_HTML, NULL },
	{ "bordercolordark", CLEAN_HTML, NULL },
	{ "bordercolorlight", CLEAN_HTML, NULL },
	{ "bottompadding", CLEAN_HTML, NULL },
	{ "cellpadding", CLEAN_HTML, NULL },
	{ "cellspacing", CLEAN_HTML, NULL },
	{ "ch", CLEAN_HTML, NULL },
	{ "challenge", CLEAN_HTML, NULL },
	{ "char", CLEAN_HTML, NULL },
	{ "charoff", CLEAN_HTML, NULL },
	{ "charset", CLEAN_HTML, NULL },
	{ "checked", CLEAN_HTML, NULL },
	{ "choff", CLEAN_HTML, NULL },
	{ "cite", CLEAN_HTML | CLEAN_ADDRESS, NULL },
	{ "class", CLEAN_HTML | CLEAN_SVG | CLEAN_MATH, NULL },
	{ "clear", CLEAN_HTML, NULL },
	{ "color", CLEAN_HTML, NULL },
	{ "cols", CLEAN_HTML, NULL },
	{ "colspan", CLEAN_HTML, NULL },
	{ "columnalign", CLEAN_MATH, NULL },
	{ "columnlines", CLEAN_MATH, NULL },
	{ "columnspacing", CLEAN_MATH, NULL },
	{ "columnspan", CLEAN_MATH, NULL },
	{ "compact", CLEAN_HTML, NULL },
	{ "contenteditable", CLEAN_HTML, NULL },
	{ "controls", CLEAN_HTML, NULL },
	{ "coords", CLEAN_HTML, NULL },
	{ "cx", CLEAN_SVG, NULL },
	{ "cy", CLEAN_SVG, NULL },
	{ "d", CLEAN_SVG, NULL },
	{ "datafld", CLEAN_HTML, NULL },
	{ "datapagesize", CLEAN_HTML, NULL },
	{ "datetime", CLEAN_HTML, NULL },
	{ "default", CLEAN_HTML, NULL },
	{ "delay", CLEAN_HTML, NULL },
	{ "depth", CLEAN_MATH, NULL },
	{ "dir", CLEAN_HTML | CLEAN_MATH, NULL },
	{ "disabled", CLEAN_HTML, NULL },
	{ "display", CLEAN_MATH, NULL },
	{ "displaystyle", CLEAN_MATH, NULL },
	{ "draggable", CLEAN_HTML, NULL },
	{ "dx", CLEAN_SVG, NULL },
	{ "dy", CLEAN_SVG, NULL },
	{ "encoding", CLEAN_MATH, NULL },
	{ "enctype", CLEAN_HTML, NULL },
	{ "end", CLEAN_HTML, NULL },
	{ "equalcolumns", CLEAN_MATH, NULL },
	{ "equalrows", CLEAN_MATH, NULL },
	{ "face", CLEAN_HTML, NULL },
	{ "fence", CLEAN_MATH, NULL },
	{ "fill", CLEAN_SVG, NULL },
	{ "fill-opacity", CLEAN_SVG, NULL },
	{ "fill-rule", CLEAN_SVG, NULL },
	{ "font-family", CLEAN_SVG, NULL },
	{ "font-size", CLEAN_SVG, NULL },
	{ "font-stretch", CLEAN_SVG, NULL },
	{ "font-style", CLEAN_SVG, NULL },
	{ "font-variant", CLEAN_SVG, NULL },
	{ "font-weight", CLEAN_SVG, NULL },
	{ "fontstyle", CLEAN_MATH, NULL },
	{ "fontweight", CLEAN_MATH, NULL },
	{ "for", CLEAN_HTML, NULL },
	{ "frame", CLEAN_HTML | CLEAN_MATH, NULL },
	{ "fx", CLEAN_SVG, NULL },
	{ "fy", CLEAN_SVG, NULL },
	{ "galleryimg", CLEAN_HTML, NULL },
	{ "gradienttransform", CLEAN_SVG, "gradientTransform" },
	{ "gradientunits", CLEAN_SVG, "gradientUnits" },
	{ "gutter", CLEAN_HTML, NULL },
	{ "headers", CLEAN_HTML, NULL },
	{ "height", CLEAN_HTML | CLEAN_SVG | CLEAN_MATH, NULL },
	{ "hidden", CLEAN_HTML, NULL },
	{ "hidefocus", CLEAN_HTML, NULL },
	{ "high", CLEAN_HTML, NULL },
	{ "href", CLEAN_HTML | CLEAN_MATH | CLEAN_ADDRESS, NULL },
	{ "hreflang", CLEAN_HTML, NULL },
	{ "hspace", CLEAN_HTML, NULL },
	{ "icon", CLEAN_HTML | CLEAN_ADDRESS, NULL },
	{ "inputmode", CLEAN_HTML, NULL },
	{ "ismap", CLEAN_HTML, NULL },
	{ "keytype", CLEAN_HTML, NULL },
	{ "label", CLEAN_HTML, NULL },
	{ "lang", CLEAN_HTML | CLEAN_SVG, NULL },
	{ "leftspacing", CLEAN_HTML, NULL },
	{ "linethickness", CLEAN_MATH, NULL },
	{ "list", CLEAN_HTML, NULL },
	{ "longdesc", CLEAN_HTML | CLEAN_ADDRESS, NULL },
	{ "loop", CLEAN_HTML, NULL },
	{ "loopcount", CLEAN_HTML, NULL },
	{ "loopend", CLEAN_HTML, NULL },
	{ "loopstart", CLEAN_HTML, NULL },
	{ "low", CLEAN_HTML, NULL },
	{ "lspace", CLEAN_MATH, NULL },
	{ "markerheight", CLEAN_SVG, "markerHeight" },
	{ "markerunits", CLEAN_SVG, "markerUnits" },
	{ "markerwidth", CLEAN_SVG, "markerWidth" },
	{ "mathcolor", CLEAN_MATH, NULL },
	{ "mathvariant", CLEAN_MATH, NULL },
	{ "max", CLEAN_HTML, NULL },
	{ "maxlength", CLEAN_HTML, NULL },
	{ "maxsize", CLEAN_MATH, NULL },
	{ "media", CLEAN_HTML, NULL },
	{ "method", CLEAN_HTML, NULL },
	{ "min", CLEAN_HTML, NULL },
	{ "minsize", CLEAN_MATH, NULL },
	{ "multiple", CLEAN_HTML, NULL },
	{ "nohref", CLEAN_HTML, NULL },
	{ "noshade", CLEAN_HTML, NULL },
	{ "nowrap", CLEAN_HTML, NULL },
	{ "offset", CLEAN_SVG, NULL },
	{ "opacity", CLEAN_SVG, NULL },
	{ "open", CLEAN_HTML, NULL },
	{ "optimum", CLEAN_HTML, NULL },
	{ "orient", CLEAN_SVG, NULL },
	{ "other", CLEAN_MATH, NULL },
	{ "pathlength", CLEAN_SVG, "pathLength" },
	{ "pattern", CLEAN_HTML, NULL },
	{ "point-size", CLEAN_HTML, NULL },
	{ "points", CLEAN_SVG, NULL },
	{ "poster", CLEAN_HTML | CLEAN_ADDRESS, NULL },
	{ "pqg", CLEAN_HTML, NULL },
	{ "preload", CLEAN_HTML, NULL },
	{ "preserveaspectratio", CLEAN_SVG, "preserveAspectRatio" },
	{ "prompt", CLEAN_HTML, NULL },
	{ "r", CLEAN_SVG, NULL },
	{ "radiogroup", CLEAN_HTML, NULL },
	{ "readonly", CLEAN_HTML, NULL },
	{ "refx", CLEAN_SVG, "refX" },
	{ "refy", CLEAN_SVG, "refY" },
	{ "rel", CLEAN_HTML, NULL },
	{ "repeat-max", CLEAN_HTML, NULL },
	{ "repeat-min", CLEAN_HTML, NULL },
	{ "required", CLEAN_HTML, NULL },
	{ "rev", CLEAN_HTML, NULL },
	{ "reversed", CLEAN_HTML, NULL },
	{ "rightspacing", CLEAN_HTML, NULL },
	{ "rotate", CLEAN_SVG, NULL },
	{ "rowalign", CLEAN_MATH, NULL },
	{ "rowlines", CLEAN_MATH, NULL },
	{ "rows", CLEAN_HTML, NULL },
	{ "rowspacing", CLEAN_MATH, NULL },
	{ "rowspan", CLEAN_HTML | CLEAN_MATH, NULL },
	{ "rspace", CLEAN_MATH, NULL },
	{ "rules", CLEAN_HTML, NULL },
	{ "rx", CLEAN_SVG, NULL },
	{ "ry", CLEAN_SVG, NULL },
	{ "scope", CLEAN_HTML, NULL },
	{ "scriptlevel", CLEAN_MATH, NULL },
	{ "selected", CLEAN_HTML, NULL },
	{ "selection", CLEAN_MATH, NULL },
	{ "separator", CLEAN_MATH, NULL },
	{ "shape", CLEAN_HTML, NULL },
	{ "size", CLEAN_HTML, NULL },
	{ "span", CLEAN_HTML, NULL },
	{ "src", CLEAN_HTML | CLEAN_ADDRESS, NULL },
	{ "start", CLEAN_HTML, NULL },
	{ "step", CLEAN_HTML, NULL },
	{ "stop-color", CLEAN_SVG, NULL },
	{ "stop-opacity", CLEAN_SVG, NULL },
	{ "stretchy", CLEAN_MATH, NULL },
	{ "stroke", CLEAN_SVG, NULL },
	{ "stroke-dasharray", CLEAN_SVG, NULL },
	{ "stroke-dashoffset", CLEAN_SVG, NULL },
	{ "stroke-linecap", CLEAN_SVG, NULL },
	{ "stroke-linejoin", CLEAN_SVG, NULL },
	{ "stroke-miterlimit", CLEAN_SVG, NULL },
	{ "stroke-opacity", CLEAN_SVG, NULL },
	{ "stroke-width", CLEAN_SVG, NULL },
	{ "style", CLEAN_HTML, NULL },
	{ "summary", CLEAN_HTML, NULL },
	{ "suppress", CLEAN_HTML, NULL },
	{ "systemlanguage", CLEAN_SVG, "systemLanguage" },
	{ "tabindex", CLEAN_HTML, NULL },
	{ "target", CLEAN_HTML | CLEAN_SVG, NULL },
	{ "text-anchor", CLEAN_SVG, NULL },
	{ "title", CLEAN_HTML, NULL },
	{ "toppadding", CLEAN_HTML, NULL },
	{ "transform", CLEAN_SVG, NULL },
	{ "type", CLEAN_HTML | CLEAN_SVG, NULL },
	{ "unselectable", CLEAN_HTML, NULL },
	{ "usemap", CLEAN_HTML | CLEAN_ADDRESS, NULL },
	{ "valign", CLEAN_HTML, NULL },
	{ "value", CLEAN_HTML, NULL },
	{ "variable", CLEAN_HTML, NULL },
	{ "version", CLEAN_SVG, NULL },
	{ "viewbox", CLEAN_SVG, "viewBox" },
	{ "voffset", CLEAN_MATH, NULL },
	{ "volume", CLEAN_HTML, NULL },
	{ "vspace", CLEAN_HTML, NULL },
	{ "width", CLEAN_HTML | CLEAN_SVG | CLEAN_MATH, NULL },
	{ "wrap", CLEAN_HTML, NULL },
	{ "x", CLEAN_SVG, NULL },
	{ "x1", CLEAN_SVG, NULL },
	{ "x2", CLEAN_SVG, NULL },
	{ "xlink:href", CLEAN_SVG | CLEAN_MATH | CLEAN_ADDRESS, NULL },
	{ "xlink:role", CLEAN_SVG | CLEAN_ADDRESS, NULL },
	{ "xlink:show", CLEAN_SVG | CLEAN_MATH, NULL },
	{ "xlink:title", CLEAN_SVG, NULL },
	{ "xlink:type", CLEAN_SVG | CLEAN_MATH, NULL },
	{ "xml:lang", CLEAN_HTML | CLEAN_SVG, NULL },
	{ "xmlns", CLEAN_SVG | CLEAN_MATH, NULL },
	{ "xmlns:xlink", CLEAN_SVG | CLEAN_MATH, NULL },
	{ "y", CLEAN_SVG, NULL },
	{ "y1", CLEAN_SVG, NULL },
	{ "y2", CLEAN_SVG, NULL },
	{ "zoomandpan", CLEAN_SVG, "zoomAndPan" },
};
/* clang-format on */

static const char *const schemes[] = { "aim", "callto", "feed", "ftp", "ftps", "geo", "git", "http", "https", "irc", "ircs",
	"magnet", "mailto", "mms", "news", "nntp", "rtsp", "sftp", "sip", "sips", "skype", "sms", "svn", "tel", "webcal",
	"xmpp" };

static const char *const properties[] = { "azimuth", "background-color", "border-bottom-color", "border-collapse", "border-color",
	"border-left-color", "border-right-color", "border-top-color", "clear", "color", "cursor", "direction", "display",
	"elevation", "float", "font", "font-family", "font-size", "font-style", "font-variant", "font-weight", "height",
	"letter-spacing", "line-height", "overflow", "pause", "pause-after", "pause-before", "pitch", "pitch-range", "richness",
	"speak", "speak-header", "speak-numeral", "speak-punctuation", "speech-rate", "stress", "text-align", "text-decoration",
	"text-indent", "unicode-bidi", "vertical-align", "voice-family", "volume", "white-space", "width" };

static const char *const boxes[] = { "background", "border", "margin", "padding" };

static const char *const keywords[] = { "aqua", "auto", "black", "block", "blue", "bold", "both", "bottom", "brown", "center",
	"collapse", "dashed", "dotted", "fuchsia", "gray", "green", "italic", "left", "lime", "maroon", "medium", "navy", "none",
	"normal", "nowrap", "olive", "pointer", "purple", "red", "right", "silver", "solid", "teal", "top", "transparent",
	"underline", "white", "yellow" };

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static_assert(COUNT(elements) <= CLEAN_ELEMENTS_MAX, "more elements than numbers for them");

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The name in lower case with zeros behind it, as the rows have it; false when it is too long for any. */
static bool key_of(struct str name, char key[CLEAN_NAME_BYTES])
{
	if (name.n >= CLEAN_NAME_BYTES)
		return false;
	memset(key, 0, CLEAN_NAME_BYTES);
	for (size_t i = 0; i < name.n; i++)
		key[i] = lower(name.p[i]);
	return true;
}

/* Names are looked up for every tag and attribute: by a table of slots, filled at the first use. */
#define SLOTS_LOG2 10
#define SLOTS ((size_t)1 << SLOTS_LOG2)

static struct index {
	uint16_t row[SLOTS]; /* its number and one; 0 ends a search */
} element_index, attribute_index;

static_assert(2 * COUNT(elements) < SLOTS && 2 * COUNT(attributes) < SLOTS, "searches in a full table would not end");

static size_t slot_of(const char key[CLEAN_NAME_BYTES])
{
	uint64_t front, back;

	memcpy(&front, key, 8);
	memcpy(&back, key + 8, 8);
	return (size_t)((front * 0x9E3779B97F4A7C15u + back * 0xC2B2AE3D27D4EB4Fu) >> (64 - SLOTS_LOG2));
}

static void fill_index(struct index *index, const struct clean_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = slot_of(rows[i].name);
		while (index->row[at] != 0)
			at = (at + 1) % SLOTS;
		index->row[at] = (uint16_t)(i + 1);
	}
}

static void fill_both(void)
{
	fill_index(&element_index, elements, COUNT(elements));
	fill_index(&attribute_index, attributes, COUNT(attributes));
}

static const struct clean_row *find_row(const struct index *index, const struct clean_row *rows, struct str name)
{
	static once_flag is_filled = ONCE_FLAG_INIT;
	char key[CLEAN_NAME_BYTES];

	if (!key_of(name, key))
		return NULL;
	call_once(&is_filled, fill_both);
	for (size_t at = slot_of(key); index->row[at] != 0; at = (at + 1) % SLOTS) {
		const struct clean_row *row = &rows[index->row[at] - 1];
		if (memcmp(row->name, key, CLEAN_NAME_BYTES) == 0)
			return row;
	}
	return NULL;
}

const struct clean_row *clean_element(struct str name)
{
	return find_row(&element_index, elements, name);
}

size_t clean_element_number(const struct clean_row *row)
{
	return (size_t)(row - elements);
}

const struct clean_row *clean_attribute(struct str name)
{
	return find_row(&attribute_index, attributes, name);
}

static bool is_listed(const char *const *list, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++) {
		if (lower(word.n > 0 ? word.p[0] : 0) == list[i][0] && str_ieq(str_of(list[i]), word))
			return true;
	}
	return false;
}

bool clean_is_scheme(struct str scheme)
{
	return is_listed(schemes, COUNT(schemes), scheme);
}

bool clean_is_property(struct str property)
{
	return is_listed(properties, COUNT(properties), property);
}

bool clean_is_box_property(struct str property)
{
	const ptrdiff_t hyphen = str_findc(property, '-');

	return is_listed(boxes, COUNT(boxes), hyphen < 0 ? property : str_first(property, (size_t)hyphen));
}

bool clean_is_keyword(struct str word)
{
	return is_listed(keywords, COUNT(keywords), word);
}
