/* From what people call things to the parts of a post. */
#include "crawler/mapping.h"

#include "common/base/problems.h"
#include "common/text/normalise.h"
#include "crawler/pointer.h"

#include <earshot/limits.h>
#include <string.h>

#define POINTER_VALUES 100 /* of one pointer that fans out: paragraphs, comments of a ticket */

const char *const draft_part_names[DRAFT__N] = {
#define PART(name, text) [DRAFT_##name] = text,
	MAPPING_PARTS(PART)
#undef PART
};

static const struct {
	enum draft_part part;
	const char *name;
} names[] = {
#define NAME(part, name) { DRAFT_##part, name },
#include "crawler/mapping.def"
#undef NAME
};
#define NNAMES (sizeof names / sizeof *names)
#define NO_NAME (NNAMES * 2)

/* ---- names ---- */

/* "发布时间 (UTC+8)" and "Post_ID:" become 发布时间 and postid. */
static struct str folded(struct arena *a, struct str written)
{
	const struct str s = normalise_text(a, str_cut_utf8(written, LIMIT_FIELD_BYTES));
	char *to = arena_take(a, s.n + 1);
	size_t n = 0;
	int depth = 0;
	for (size_t i = 0; i < s.n; i++) {
		const char c = s.p[i];
		depth += (c == '(' || c == '[') && n > 0;
		if (depth == 0 && (c & 0x80 || (c != 0 && !strchr(" _-.:'\"*#\t\n", c))))
			to[n++] = c;
		depth -= (c == ')' || c == ']') && depth > 0;
	}
	return (struct str){ to, n };
}

/* Names that only end in a word we know: 商品评价内容, "first post date". */
static const struct {
	enum draft_part part;
	const char *end;
} endings[] = { { DRAFT_TEXT, "内容" }, { DRAFT_TEXT, "正文" }, { DRAFT_POSTED, "时间" }, { DRAFT_POSTED, "日期" },
	{ DRAFT_URL, "链接" }, { DRAFT_URL, "网址" }, { DRAFT_TITLE, "标题" }, { DRAFT_TEXT, "text" }, { DRAFT_TEXT, "content" },
	{ DRAFT_POSTED, "time" }, { DRAFT_POSTED, "date" }, { DRAFT_URL, "url" }, { DRAFT_URL, "link" },
	{ DRAFT_TITLE, "title" } };

/* … and that are something else all the same: when a row was fetched, what the service answered. */
static const char *const others[] = { "采集", "抓取", "入库", "更新", "修改", "导出", "处理", "办结", "截止", "回复", "头像",
	"图片", "crawl", "fetch", "update", "modif", "export", "reply", "clos", "due", "avatar", "image", "thumb" };

static bool is_other(struct str name)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (str_find(name, str_of(others[i])) >= 0)
			return true;
	return false;
}

/* How well a name fits, 0 = best, NO_NAME = not at all; *part is what it means. */
static size_t rank_of(struct str name, enum draft_part *part)
{
	for (size_t i = 0; i < NNAMES; i++) {
		if (!str_eqc(name, names[i].name))
			continue;
		*part = names[i].part;
		return i;
	}
	if (name.n == 0 || is_other(name))
		return NO_NAME;
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		if (!str_ends(name, str_of(endings[i].end)))
			continue;
		*part = endings[i].part;
		return NNAMES + i;
	}
	return NO_NAME;
}

/* ---- what is told ---- */

static int part_of(struct str word)
{
	for (int i = 0; i < DRAFT__N; i++)
		if (str_ieq(word, str_of(draft_part_names[i])))
			return i;
	return -1;
}

static enum outcome unknown_part(struct str word, struct err *e)
{
	const char *near = problems_nearest(word, draft_part_names, DRAFT__N);
	return err_set(e, REJECT,
		"\"%.*s\" is no part of a post%s%s%s; the parts are id text html title author posted url source family stars "
		"likes …",
		STR_FMT(str_cut_utf8(word, 60)), near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static enum outcome add_way(struct arena *a, struct str where, struct mapping *m, int part, struct err *e)
{
	struct mapping_way way = { 0 };
	int64_t number = 0;
	struct err why = { 0 };
	if (m->nways[part] == MAPPING_WAYS)
		return err_set(e, REJECT, "%s has more than %d alternatives", draft_part_names[part], MAPPING_WAYS);
	if (str_starts(where, STR("/"))) {
		way.pointer = pointer_parse(a, where, NULL, &why);
		if (way.pointer == NULL)
			return err_set(
				e, REJECT, "%s=%.*s: %s", draft_part_names[part], STR_FMT(str_cut_utf8(where, 80)), why.text);
	} else if (str_to_i64(where, &number) && number > 0 && number <= LIMIT_TABLE_COLUMNS) {
		way.column = (int)number;
	} else {
		way.name = folded(a, where);
	}
	m->way[part][m->nways[part]++] = way;
	return OK;
}

enum outcome mapping_parse(struct arena *a, const struct conf_list *items, struct mapping *out, struct err *e)
{
	*out = (struct mapping){ 0 };
	for (size_t i = 0; i < items->n; i++) {
		const struct str item = str_trim(items->item[i]);
		const ptrdiff_t equals = str_findc(item, '=');
		struct str rest = equals < 0 ? STR("") : str_from(item, (size_t)equals + 1), where;
		const int part = part_of(str_trim(str_first(item, equals < 0 ? item.n : (size_t)equals)));
		if (equals >= 0 && part < 0)
			return unknown_part(str_trim(str_first(item, (size_t)equals)), e);
		if (part < 0 || str_trim(rest).n == 0)
			return err_set(e, REJECT, "\"%.*s\" is not PART=WHERE, as text=内容, text=3 or text=/ticket/body",
				STR_FMT(str_cut_utf8(item, 80)));
		while (str_split(&rest, '|', &where)) {
			const enum outcome done = add_way(a, str_trim(where), out, part, e);
			if (done != OK)
				return done;
		}
	}
	return OK;
}

/* ---- tables ---- */

static bool is_told(const struct mapping *m, int part, struct str name)
{
	for (size_t i = 0; i < m->nways[part]; i++)
		if (name.n > 0 && str_eq(m->way[part][i].name, name))
			return true;
	return false;
}

/* Columns that are told by their number. */
static void told_numbers(const struct mapping *m, int *column)
{
	for (int p = 0; p < DRAFT__N; p++) {
		column[p] = -1;
		for (size_t i = 0; i < m->nways[p] && column[p] < 0; i++)
			column[p] = m->way[p][i].column - 1;
	}
}

size_t mapping_columns(struct arena *a, const struct mapping *m, const struct str *heading, size_t n, int *column)
{
	size_t best[DRAFT__N], known = 0;
	told_numbers(m, column);
	for (int p = 0; p < DRAFT__N; p++)
		best[p] = NO_NAME;
	for (size_t i = 0; i < n; i++) {
		enum draft_part part = DRAFT__N;
		const struct str name = folded(a, heading[i]);
		const size_t rank = rank_of(name, &part);
		bool is_known = rank < NNAMES;
		for (int p = 0; p < DRAFT__N; p++) {
			if (!is_told(m, p, name))
				continue;
			is_known = true;
			column[p] = column[p] < 0 ? (int)i : column[p];
		}
		known += is_known;
		if (rank == NO_NAME || m->nways[part] > 0 || rank >= best[part])
			continue;
		best[part] = rank;
		column[part] = (int)i;
	}
	return known;
}

/* ---- JSON ---- */

static void add_value(struct buf *out, const struct json *v, int depth);

/* {"name":"Jo","id":7} where a text was awaited: APIs give people and rendered texts as objects. */
static void add_object(struct buf *out, const struct json *v, int depth)
{
	static const char *const usual[] = { "name", "nickname", "screen_name", "username", "display_name", "text", "content",
		"value", "rendered", "body", "plain", "email", "id" };
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		const struct json *inner = json_get(v, usual[i]);
		if (json_kind(inner) != JSON_STRING && json_kind(inner) != JSON_NUMBER)
			continue;
		add_value(out, inner, depth + 1);
		return;
	}
}

static void add_value(struct buf *out, const struct json *v, int depth)
{
	switch (json_kind(v)) {
	case JSON_NULL:
		break;
	case JSON_BOOL:
	case JSON_NUMBER:
		json_write(out, v);
		break;
	case JSON_STRING:
		buf_adds(out, json_str(v));
		break;
	case JSON_OBJECT:
		if (depth < 3)
			add_object(out, v, depth);
		break;
	case JSON_ARRAY:
		for (const struct json *item = json_first(v); item != NULL && depth < 3; item = json_next(item)) {
			if (out->n > 0)
				buf_addc(out, '\n');
			add_value(out, item, depth + 1);
		}
		break;
	}
}

static struct str value_text(struct arena *a, const struct json *const *value, size_t n)
{
	struct buf b;
	if (n == 1 && json_kind(value[0]) == JSON_STRING)
		return json_str(value[0]);
	buf_init(&b, LIMIT_JSONL_BYTES);
	for (size_t i = 0; i < n; i++) {
		if (b.n > 0)
			buf_addc(&b, '\n');
		add_value(&b, value[i], 0);
	}
	const struct str copy = arena_copy(a, buf_str(&b));
	buf_release(&b);
	return copy;
}

/* What is told for a part: the first alternative that is there and not empty. */
static struct str told_value(struct arena *a, const struct mapping *m, int part, const struct json *object)
{
	for (size_t i = 0; i < m->nways[part]; i++) {
		const struct mapping_way *way = &m->way[part][i];
		const struct json *const *value = NULL;
		struct str text = STR("");
		if (way->pointer != NULL) {
			const size_t n = pointer_find(a, way->pointer, object, POINTER_VALUES, &value);
			text = value_text(a, value, n);
		}
		for (const struct json *v = json_first(object); v != NULL && way->name.n > 0 && text.n == 0; v = json_next(v))
			if (str_eq(folded(a, json_key(v)), way->name))
				text = value_text(a, &v, 1);
		if (text.n > 0)
			return text;
	}
	return STR("");
}

void mapping_object(struct arena *a, const struct mapping *m, const struct json *object, struct draft *out)
{
	size_t best[DRAFT__N];
	*out = (struct draft){ 0 };
	for (int p = 0; p < DRAFT__N; p++) {
		best[p] = NO_NAME;
		out->part[p] = told_value(a, m, p, object);
	}
	if (json_kind(object) != JSON_OBJECT)
		return;
	for (const struct json *v = json_first(object); v != NULL; v = json_next(v)) {
		enum draft_part part = DRAFT__N;
		const size_t rank = rank_of(folded(a, json_key(v)), &part);
		if (rank == NO_NAME || m->nways[part] > 0 || rank >= best[part])
			continue;
		const struct str text = value_text(a, &v, 1);
		if (text.n == 0)
			continue;
		best[part] = rank;
		out->part[part] = text;
	}
}
