/* The inside of queries: problems, tokens, the tree, the keys that lead to it. Only query*.c, rulebook_queries.c and their tests
 * include this; everybody else needs query.h.
 *
 * A key is what a post can touch: a term (a leaf rule of the book) or a group (any term of @complaint.refund, any alias of
 * @brand.ID). A node never holds text to search for, only keys; nodes are immutable and macros share them, so that a tree is
 * really a graph without cycles: node.size counts it as if written out, and is capped. */
#ifndef EARSHOT_TEXT_QUERY_NODE_H
#define EARSHOT_TEXT_QUERY_NODE_H

#include "common/text/query.h"
#include "common/text/regex_shape.h"
#include "common/text/rulebook_draft.h"

/* ---- problems: codes and what they mean, query_problems.def ---- */

enum query_problem {
#define QUERY_PROBLEM(code, about) QUERY_##code,
#include "common/text/query_problems.def"
#undef QUERY_PROBLEM
	QUERY_PROBLEM__N
};

struct query_problem_row {
	const char *code, *about;
};
extern const struct query_problem_row query_problem_rows[QUERY_PROBLEM__N];

/* An error, or a warning when the code begins with W. */
void query_tell(struct problems *p, enum query_problem code, struct draft_place at, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* ---- tokens ---- */

enum query_token_kind {
	TOKEN_END,
	TOKEN_WORD, /* text: as written, with escapes and wildcards */
	TOKEN_PHRASE, /* text: between the quotes, with escapes */
	TOKEN_REGEX, /* text: between the slashes; is_folded: /…/i */
	TOKEN_FIELD, /* text: the name in front of the colon */
	TOKEN_MACRO, /* text: behind the @ */
	TOKEN_CALL, /* min( sentence( paragraph(: text is the name, the parenthesis is taken */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_NOT,
	TOKEN_NEAR, /* number, is_forward */
	TOKEN_TILDE, /* ~n: number */
	TOKEN_BAD /* told already */
};

struct query_token {
	enum query_token_kind kind;
	struct str text;
	struct draft_place place;
	uint32_t number;
	bool is_forward, is_folded, is_exact;
};

struct query_lexer {
	struct str text;
	size_t at;
	struct draft_place place; /* of text.p[at] */
	struct problems *p;
};

void query_lexer_init(struct query_lexer *l, struct str text, struct draft_place place, struct problems *p);
void query_lexer_next(struct query_lexer *l, struct query_token *out);
/* What stands behind `likes:`: `[1 TO 5]`, `>100`, `"two words"` or a word; brackets stay, quotes go. */
struct query_token query_lexer_value(struct query_lexer *l);

/* ---- fields ---- */

enum query_field_kind {
	FIELD_SCOPE, /* title:x: where x has to stand */
	FIELD_TAG, /* hashtag:x, mention:x: a term with a mark in front */
	FIELD_EQUAL, /* the whole value, * and ? allowed */
	FIELD_SITE, /* the host or a domain it lies under */
	FIELD_PART, /* anywhere in the value */
	FIELD_LANG, /* zh finds zh-Hans */
	FIELD_NAME, /* one of a list of names */
	FIELD_NUMBER,
	FIELD_BOOL,
	FIELD_MINUTE,
	FIELD_WEEKDAY,
	FIELD_TIME,
};

struct query_field {
	const char *name, *name_zh;
	enum query_field_kind kind;
	int64_t least, most; /* of a number */
	char mark; /* FIELD_TAG */
	enum post_field field; /* FIELD_SCOPE */
	const char *const *names; /* FIELD_NAME */
	int nnames;
	struct str (*text)(const struct post *post);
	int64_t (*number)(const struct post *post); /* -1 = the post does not tell */
	const char *about;
};
#define QUERY_FIELDS 25
extern const struct query_field query_fields[QUERY_FIELDS];

struct query_range {
	int64_t from, to; /* both ends belong to it */
	int zone_minutes; /* of minute-of-day, weekday */
};

const struct query_field *query_field_find(struct str name);
const char *query_field_nearest(struct str name); /* for "did you mean"; NULL when none is near */
/* Reads the value of a number field; false when told. */
bool query_range_parse(const struct query_field *f, const struct query_token *value, struct query_range *out, struct problems *p);

enum truth { TRUTH_NO, TRUTH_UNSURE, TRUTH_YES }; /* AND is the least, OR the most, NOT turns round */

enum truth query_number_holds(const struct query_field *f, const struct query_range *r, const struct post *post);
/* `pattern` is folded, * and ? are QUERY_ANY and QUERY_ONE. */
enum truth query_text_holds(struct arena *a, const struct query_field *f, struct str pattern, const struct post *post);

/* ---- wildcards ---- */

#define QUERY_ANY '\x01' /* these bytes are in no normalised text */
#define QUERY_ONE '\x02'
#define QUERY_ANY_MOST 16 /* characters a * stands for */
#define QUERY_STARS 2 /* in one term */

bool query_is_word_character(uint32_t cp); /* what * and ? stand for: letters, digits, Han and their like */
/* Where `pattern` ends when it is laid on text[at…]; -1 when it does not fit. The shortest way; the end must be the border of
 * a word where the last character is one of a spaced script, and of any word when `ends_word`. */
ptrdiff_t query_glob(struct str text, size_t at, struct str pattern, bool ends_word);
bool query_glob_whole(struct str text, struct str pattern); /* * = anything */

/* ---- the tree ---- */

enum query_kind {
	QUERY_TERM,
	QUERY_GROUP,
	QUERY_SLOP, /* "a b"~n: its children are terms */
	QUERY_NEAR,
	QUERY_REGEX,
	QUERY_TEXT, /* a field that holds text */
	QUERY_NUMBER,
	QUERY_AND,
	QUERY_OR,
	QUERY_NOT,
	QUERY_MIN,
	QUERY_SCOPE, /* sentence(), paragraph() */
	QUERY_IN, /* title:, text: */
};

enum query_scope { SCOPE_SENTENCE, SCOPE_PARAGRAPH };

struct regex;

/* One of these keys must be touched where an expression matches, which begins at most `before` bytes in front of it. */
struct query_need {
	const uint32_t *key;
	size_t n;
	uint32_t before;
};

struct query_node {
	enum query_kind kind;
	struct draft_place place;
	uint32_t size, depth; /* nodes, written out */
	uint64_t hash; /* of what it says: equal trees have equal hashes, in every book */
	const struct query_node **child;
	size_t n;
	union {
		struct {
			uint32_t key;
			char mark; /* '#', '@' or 0: must stand in front */
			struct str rest; /* wildcards: what follows the literal part; "" = nothing */
		} term; /* QUERY_TERM, QUERY_GROUP */
		struct {
			uint32_t distance; /* tokens that may stand between */
			bool is_forward;
		} near; /* QUERY_NEAR, QUERY_SLOP */
		struct {
			struct regex *regex;
			struct str pattern;
			struct query_need need[REGEX_NEEDS]; /* the rarest first */
			size_t nneeds; /* 0: has no literal of its own */
		} regex;
		struct {
			const struct query_field *field;
			struct str pattern;
			struct query_range range;
		} field; /* QUERY_TEXT, QUERY_NUMBER */
		enum post_field in; /* QUERY_IN */
		enum query_scope scope;
		size_t least; /* QUERY_MIN */
	} as;
};

struct query_key {
	bool is_group;
	struct str term, folded; /* of a term */
	unsigned folds;
	bool case_exact, open_end;
	enum rule_list list; /* of a group */
	int third, brand; /* category, urgency or nature; -1 = any */
	uint32_t uses; /* in queries: a rare key is a better gate */
};

struct query_text {
	struct str name, text;
	struct draft_place place;
	struct rule rule;
	struct str brand; /* as written in a .query file; the index is looked up when all brands are read */
	struct draft_place brand_place;
	int folder;
	const struct query_node *root;
	enum { MACRO_UNREAD, MACRO_READING, MACRO_READ } state; /* of macros */
};

struct query_texts {
	struct query_text *at;
	size_t n, cap;
	uint32_t *slot; /* hash table by name: number + 1, 0 = empty */
	size_t nslots;
};

struct draft_queries {
	struct rulebook_draft *draft;
	struct arena *a;
	struct problems *p;
	struct query_texts queries, macros;
	struct query_key *key;
	uint32_t nkeys, keys_cap;
	uint32_t *slot; /* hash table: key + 1, 0 = empty */
	uint32_t nslots;
	struct regex **regex;
	size_t nregexes, regexes_cap;
	int depth; /* of the level being read, macros included */
};

uint32_t query_key_add(struct draft_queries *q, struct query_key key); /* the number of an equal key, or of the new one */
void query_regex_keep(struct draft_queries *q, struct regex *re);
struct query_text *query_macro_find(struct draft_queries *q, struct str name);

void draft_take_brand_queries(struct rulebook_draft *d); /* `query = …` of brands.conf */
void queries_settle_brands(struct draft_queries *q); /* finds the brands that .query files name */
/* The tree of one query; NULL when told. */
const struct query_node *query_parse(struct draft_queries *q, const struct query_text *text);
/* Reads a macro when it is first named; NULL when it is wrong (told once). */
const struct query_node *query_parse_macro(struct draft_queries *q, struct query_text *macro, struct draft_place user);
/* What is wrong with a tree that can be read: pure negation, branches that never decide … */
void query_check(const struct query_node *root, struct problems *p);

/* Compiles everything read so far into book->queries: leaves and queries are put behind the book's rules, and the folded terms of
 * all but the queries into *folded, which lives in `scratch`. Returns how many of these there are. */
size_t queries_compile(struct draft_queries *q, struct rulebook *book, struct arena *scratch, struct str **folded);

/* ---- the compiled queries ---- */

struct query {
	const struct rule *rule;
	const struct query_node *root;
};

/* The lists that say whether a post is about a brand; the others say what it says. */
bool query_is_of_admission(enum rule_list list);

struct query_run { /* a stretch of a list */
	uint32_t first, n;
};

struct queries {
	struct query *query;
	size_t n;
	size_t first_leaf, nleaves; /* leaf rules of the book */
	uint32_t *key_of_leaf;
	uint32_t nkeys;
	struct query_run *touched; /* by key: stretch of touch[] */
	uint32_t *touch; /* numbers of queries that a key may make true */
	uint32_t *always; /* numbers of queries that have no key */
	size_t nalways;
	struct query_run *groups; /* by rule in front of the leaves: stretch of group[]; NULL when no query names a group */
	uint32_t *group; /* keys */
	const struct query_text *macro; /* for rulebook_of_query() */
	size_t nmacros;
	struct regex **regex;
	size_t nregexes;
	const struct rule **trouble; /* room for all: those whose expression was given up, in that order */
	size_t ntrouble, ntold;
	uint64_t nlooks; /* how often an expression was run: what posts cost */
};

#endif
