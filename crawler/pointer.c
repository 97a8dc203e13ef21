/* JSON pointers with stars: compiled to steps, walked level by level. */
#include "crawler/pointer.h"

#include <earshot/limits.h>

#include <string.h>

enum step_kind { STEP_NAME, STEP_ITEMS, STEP_MEMBERS };

struct step {
	enum step_kind kind;
	const char *name;
	int64_t index; /* of a name that is a number; -1 else */
};

struct pointer {
	struct step *step;
	size_t n;
};

/* ---- compiling ---- */

/* "~1" and friends written out. False with *bad, the byte of the ~ that means nothing. */
static bool unescape(struct arena *a, struct str part, struct str *out, size_t *bad)
{
	char *p = arena_take(a, part.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < part.n; i++) {
		p[n] = part.p[i];
		if (part.p[i] == '~') {
			const char next = i + 1 < part.n ? part.p[i + 1] : '\0';
			*bad = i++;
			if (next < '0' || next > '2')
				return false;
			p[n] = "~/*"[next - '0'];
		}
		n++;
	}
	*out = (struct str){ p, n };
	return true;
}

/* Array indices of RFC 6901: digits without a leading zero. */
static int64_t index_of(struct str name)
{
	int64_t index = -1;
	if (name.n == 0 || name.n > 9 || (name.n > 1 && name.p[0] == '0') || name.p[0] < '0' || name.p[0] > '9')
		return -1;
	return str_to_i64(name, &index) ? index : -1;
}

static enum step_kind kind_of(struct str part)
{
	return str_eqc(part, "*") ? STEP_ITEMS : str_eqc(part, "**") ? STEP_MEMBERS : STEP_NAME;
}

static size_t count_of(struct str text, char c)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == c;
	return n;
}

const struct pointer *pointer_parse(struct arena *a, struct str text, size_t *at, struct err *e)
{
	struct pointer *p = arena_new(a, struct pointer);
	size_t nowhere, bad = 0;
	size_t *place = at != NULL ? at : &nowhere;
	*place = 0;
	if (text.n > 0 && text.p[0] != '/') {
		(void)err_set(e, REJECT, "a JSON pointer starts with /; write /%.*s", STR_FMT(text));
		return NULL;
	}
	const size_t steps = count_of(text, '/');
	if (steps > LIMIT_JSON_DEPTH) {
		(void)err_set(
			e, REJECT, "a JSON pointer of %zu steps, at most %d are walked; shorten it", steps, LIMIT_JSON_DEPTH);
		return NULL;
	}
	p->step = arena_list(a, struct step, steps + 1);
	struct str rest = str_from(text, 1), part;
	while (text.n > 0 && str_split(&rest, '/', &part)) {
		struct str name;
		*place = (size_t)(part.p - text.p);
		if (!unescape(a, part, &name, &bad)) {
			*place += bad;
			(void)err_set(e, REJECT, "~ in a JSON pointer is followed by 0, 1 or 2; write ~0 for ~ itself");
			return NULL;
		}
		p->step[p->n++] = (struct step){ kind_of(part), arena_cstr(a, name), index_of(part) };
	}
	return p;
}

/* ---- walking ---- */

struct found {
	const struct json **at;
	size_t n, most;
};

static void found_add(struct found *f, const struct json *v)
{
	if (v != NULL && f->n < f->most)
		f->at[f->n++] = v;
}

static void walk_step(const struct step *s, const struct json *v, struct found *out)
{
	const bool is_list = json_kind(v) == JSON_ARRAY, is_object = json_kind(v) == JSON_OBJECT;
	if (s->kind == STEP_NAME && is_object) {
		found_add(out, json_get(v, s->name));
	} else if (s->kind == STEP_NAME && is_list && s->index >= 0) {
		found_add(out, json_at(v, (size_t)s->index));
	} else if (s->kind != STEP_NAME && (is_list || (is_object && s->kind == STEP_MEMBERS))) {
		for (const struct json *i = json_first(v); i != NULL; i = json_next(i))
			found_add(out, i);
	} else if (s->kind == STEP_ITEMS && json_kind(v) != JSON_NULL) {
		found_add(out, v);
	}
}

#define FEW 64 /* of the values of a field: found without memory from the arena */

size_t pointer_find(
	struct arena *a, const struct pointer *p, const struct json *root, size_t most, const struct json *const **out)
{
	const struct json *one[FEW], *other[FEW];
	struct found now = { one, 0, most }, next = { other, 0, most };
	if (most > FEW) {
		now.at = arena_list(a, const struct json *, most);
		next.at = arena_list(a, const struct json *, most);
	}
	found_add(&now, root);
	for (size_t i = 0; i < p->n; i++) {
		next.n = 0;
		for (size_t k = 0; k < now.n; k++)
			walk_step(&p->step[i], now.at[k], &next);
		const struct found last = now;
		now = next;
		next = last;
	}
	const struct json **list = arena_list(a, const struct json *, now.n + 1);
	if (now.n > 0)
		memcpy(list, now.at, now.n * sizeof *list);
	*out = list;
	return now.n;
}
