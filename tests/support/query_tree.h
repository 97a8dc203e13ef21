/* Random queries as trees, in a small world of Chinese and English words some of which lie inside others, and the text of such a
 * tree as a person would write it. Only test_query_oracle.c includes this. */
#ifndef EARSHOT_TESTS_QUERY_TREE_H
#define EARSHOT_TESTS_QUERY_TREE_H

#include "common/base/arena.h"
#include "common/base/buf.h"

#include <stdio.h>
#include <string.h>

static uint64_t state_of_random;

static unsigned random_below(unsigned n)
{
	state_of_random = state_of_random * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)((state_of_random >> 33) % n);
}

/* ---- a small world: words of two scripts, some inside others ---- */

static const char *const words[] = { "退", "退款", "款", "坏", "退款难", "车", "fire", "fires", "fir", "car", "a b", "carfire" };
#define NWORDS 12
static const char *const pieces[] = { "退", "款", "难", "坏", "车", "fire", "fires", "fir", "car", "carfire", "a", "b", "Fire",
	"車", "退", "款", "fire", "car" };
#define NPIECES 18
static const char *const joints[] = { "", "", "", " ", " ", " ", "，", "。", "! ", "\n", ". ", "-" };
#define NJOINTS 12
static const char *const wilds[] = { "fire*", "fir?", "car*", "退*难", "退?难", "ca*ire", "fir*s", "款*难" };
#define NWILDS 8
static const char *const regexes[] = { "/退.{0,2}难/i", "/fires?/i", "/Fire/", "/(?:car|fire)\\s/i" };
#define NREGEXES 4

enum kind {
	WORD,
	GROUP,
	WILD,
	EXACT,
	REGEX,
	TAG,
	AND,
	OR,
	NOT,
	MIN,
	NEAR,
	FORWARD,
	SLOP,
	SENTENCE,
	PARAGRAPH,
	TITLE,
	BODY,
	STARS,
	LIKES,
	LANG
};

struct tree {
	enum kind kind;
	int number, from, to;
	int n;
	struct tree *child[4];
};

static struct tree *tree_new(struct arena *a, enum kind kind)
{
	struct tree *t = arena_new(a, struct tree);
	t->kind = kind;
	return t;
}

static struct tree *make_term(struct arena *a)
{
	const unsigned which = random_below(13);
	struct tree *t = tree_new(a, which < 9 ? WORD : which == 9 ? WILD : which == 10 ? EXACT : which == 11 ? TAG : GROUP);
	t->number = (int)random_below(t->kind == WILD ? NWILDS : t->kind == EXACT ? 1 : NWORDS);
	return t;
}

static struct tree *make_field(struct arena *a)
{
	struct tree *t = tree_new(a, STARS + (enum kind)random_below(3));
	t->from = (int)random_below(5) + 1;
	t->to = t->from + (int)random_below(5 - (unsigned)t->from + 1);
	return t;
}

/* What NEAR may join: terms and ORs of them. */
static struct tree *make_placed(struct arena *a)
{
	if (random_below(4) > 0)
		return make_term(a);
	struct tree *t = tree_new(a, OR);
	t->n = 2;
	t->child[0] = make_term(a);
	t->child[1] = make_term(a);
	return t;
}

static struct tree *make_near(struct arena *a)
{
	struct tree *t = tree_new(a, random_below(2) ? NEAR : FORWARD);
	t->number = (int)random_below(5);
	t->n = 2;
	t->child[0] = make_placed(a);
	t->child[1] = make_placed(a);
	return t;
}

static struct tree *make_slop(struct arena *a)
{
	static const int single[] = { 1, 3, 4, 6, 9 };
	struct tree *t = tree_new(a, SLOP);
	t->number = (int)random_below(5);
	t->n = 2 + (int)random_below(2);
	for (int i = 0; i < t->n; i++) {
		t->child[i] = tree_new(a, WORD);
		t->child[i]->number = single[random_below(5)];
	}
	return t;
}

static struct tree *make_tree(struct arena *a, int depth, bool in_scope);

static struct tree *make_joined(struct arena *a, enum kind kind, int depth, bool in_scope)
{
	struct tree *t = tree_new(a, kind);
	t->n = kind == NOT || kind >= SENTENCE ? 1 : 2 + (int)random_below(3);
	for (int i = 0; i < t->n; i++)
		t->child[i] = make_tree(a, depth - 1, in_scope || kind == SENTENCE || kind == PARAGRAPH);
	t->number = 1 + (int)random_below((unsigned)t->n);
	return t;
}

static struct tree *make_tree(struct arena *a, int depth, bool in_scope)
{
	static const enum kind joined[] = { AND, AND, OR, OR, NOT, MIN, TITLE, BODY, SENTENCE, PARAGRAPH };
	const unsigned which = random_below(20);
	if (depth == 0 || which < 4)
		return make_term(a);
	if (which < 6)
		return make_near(a);
	if (which == 6)
		return make_slop(a);
	if (which == 7 && !in_scope)
		return make_field(a);
	if (which == 8) {
		struct tree *t = tree_new(a, REGEX);
		t->number = (int)random_below(NREGEXES);
		return t;
	}
	return make_joined(a, joined[random_below(in_scope ? 8 : 10)], depth, in_scope);
}

/* ---- the tree as a query ---- */

static void write_tree(struct buf *out, const struct tree *t);

static void write_list(struct buf *out, const struct tree *t, const char *between)
{
	for (int i = 0; i < t->n; i++) {
		if (i > 0)
			buf_addz(out, between);
		write_tree(out, t->child[i]);
	}
}

static void write_group(struct buf *out, const struct tree *t, const char *before, const char *between)
{
	buf_addz(out, before);
	buf_addc(out, '(');
	write_list(out, t, between);
	buf_addc(out, ')');
}

static void write_word(struct buf *out, const char *before, const char *word)
{
	buf_addf(out, strchr(word, ' ') ? "%s\"%s\"" : "%s%s", before, word);
}

static void write_slop(struct buf *out, const struct tree *t)
{
	for (int i = 0; i < t->n; i++)
		buf_addf(out, "%s%s", i ? " " : "\"", words[t->child[i]->number]);
	buf_addf(out, "\"~%d", t->number);
}

static void write_near(struct buf *out, const struct tree *t)
{
	char between[24];
	snprintf(between, sizeof(between), t->kind == NEAR ? " NEAR/%d " : " 邻近/%d顺 ", t->number);
	write_group(out, t, "", between);
}

static void write_tree(struct buf *out, const struct tree *t)
{
	char before[32];
	switch (t->kind) {
	case WORD:
		write_word(out, "", words[t->number]);
		break;
	case GROUP:
		buf_addz(out, "@sentiment");
		break;
	case WILD:
		buf_addz(out, wilds[t->number]);
		break;
	case EXACT:
		buf_addz(out, "=Fire");
		break;
	case REGEX:
		buf_addz(out, regexes[t->number]);
		break;
	case TAG:
		write_word(out, "hashtag:", words[t->number]);
		break;
	case AND:
		write_group(out, t, "", random_below(2) ? " AND " : " ");
		break;
	case OR:
		write_group(out, t, "", random_below(2) ? " OR " : " 或 ");
		break;
	case NOT:
		write_group(out, t, random_below(2) ? "NOT " : "-", "");
		break;
	case MIN:
		snprintf(before, sizeof(before), "min(%d, ", t->number);
		buf_addz(out, before);
		write_list(out, t, " ");
		buf_addc(out, ')');
		break;
	case NEAR:
	case FORWARD:
		write_near(out, t);
		break;
	case SLOP:
		write_slop(out, t);
		break;
	case SENTENCE:
		write_group(out, t, "sentence", "");
		break;
	case PARAGRAPH:
		write_group(out, t, "同段", "");
		break;
	case TITLE:
		write_group(out, t, "title:", "");
		break;
	case BODY:
		write_group(out, t, "正文：", "");
		break;
	case STARS:
		buf_addf(out, "stars:[%d TO %d]", t->from, t->to);
		break;
	case LIKES:
		buf_addf(out, "likes:>%d", t->from);
		break;
	case LANG:
		buf_addf(out, "lang:%s", t->from > 3 ? "zh" : "en");
		break;
	}
}

#endif
