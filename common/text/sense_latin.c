/* What English grammar around an alias tells: capitals, articles, verbs, prepositions, addresses. A name stands without an
 * article and takes a capital; an everyday noun does not, and a verb takes an object. */
#include "common/text/sense.h"

#include "common/base/utf8.h"

#define CASING_BYTES 4096u /* of a long text the beginning shows how it is written */
#define NEIGHBOURS 2

/* ---- how the field is written ---- */

struct letters {
	unsigned words, initials, capitals, letters, starts, big_starts;
};

static bool is_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool ends_sentence(char c)
{
	return c == '.' || c == '!' || c == '?';
}

static void count_letters(const struct norm *n, size_t to, struct letters *out)
{
	bool in_word = false, at_start = true;
	for (size_t i = 0; i < to; i++) {
		const char c = n->text.p[i];
		const bool is_big = n->folds[i] & FOLD_CASE;
		if (is_letter(c)) {
			out->letters++;
			out->capitals += is_big;
			out->words += !in_word;
			out->initials += !in_word && is_big;
			out->starts += !in_word && at_start;
			out->big_starts += !in_word && at_start && is_big;
			at_start = false;
		}
		in_word = is_letter(c) || c == '\'' || (in_word && c >= '0' && c <= '9');
		at_start = at_start || ends_sentence(c) || (n->folds[i] & FOLD_SPACE);
	}
}

enum casing sense_casing(const struct norm *n)
{
	struct letters count = { 0 };
	if (n->any_folds & FOLD_CASE)
		count_letters(n, n->text.n < CASING_BYTES ? n->text.n : CASING_BYTES, &count);
	if (count.initials == 0)
		return CASING_LOWER;
	if (count.letters >= 8 && count.capitals * 10 > count.letters * 7)
		return CASING_SHOUTED;
	if (count.words >= 4 && count.initials * 10 > count.words * 7)
		return CASING_TITLE;
	return count.big_starts * 2 >= count.starts ? CASING_CAREFUL : CASING_LOWER;
}

/* ---- neighbours ---- */

struct latin {
	const struct norm *n;
	const struct match *alias;
	enum casing casing;
	struct str before[NEIGHBOURS], after[NEIGHBOURS]; /* nearest first; "" behind a border */
	bool at_start; /* nothing, or the end of a sentence, stands before it */
	bool is_big; /* written with a capital */
	bool is_plain; /* a small letter where a name would have a capital */
	bool is_joined; /* part of an address, a hashtag, a mention */
};

static bool is_word_byte(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '\'';
}

/* The word that ends before *at, which moves before it; "" when something else than spaces stands there. */
static struct str word_before(struct str text, size_t *at)
{
	size_t to = *at;
	while (to > 0 && text.p[to - 1] == ' ')
		to--;
	size_t from = to;
	while (from > 0 && is_word_byte(text.p[from - 1]))
		from--;
	*at = from;
	return (struct str){ text.p + from, to - from };
}

static struct str word_after(struct str text, size_t *at)
{
	size_t from = *at;
	while (from < text.n && text.p[from] == ' ')
		from++;
	size_t to = from;
	while (to < text.n && is_word_byte(text.p[to]))
		to++;
	*at = to;
	return (struct str){ text.p + from, to - from };
}

static bool is_sentence_start(struct str text, size_t at)
{
	while (at > 0 && (text.p[at - 1] == ' ' || text.p[at - 1] == '"' || text.p[at - 1] == '('))
		at--;
	return at == 0 || ends_sentence(text.p[at - 1]) || text.p[at - 1] == ':';
}

static bool is_any(struct str word, const char *const *list)
{
	for (size_t i = 0; word.n && list[i]; i++)
		if (str_eqc(word, list[i]))
			return true;
	return false;
}

static void look_around(struct latin *l)
{
	const struct str text = l->n->text;
	size_t left = l->alias->norm_from, right = l->alias->norm_to;
	for (size_t i = 0; i < NEIGHBOURS && (i == 0 || l->before[i - 1].n); i++)
		l->before[i] = word_before(text, &left);
	if (text.n - right >= 2 && str_starts(str_from(text, right), STR("'s")))
		right += 2;
	for (size_t i = 0; i < NEIGHBOURS && (i == 0 || l->after[i - 1].n); i++)
		l->after[i] = word_after(text, &right);
	l->at_start = is_sentence_start(text, l->alias->norm_from);
	l->is_big = l->n->folds[l->alias->norm_from] & FOLD_CASE;
	l->is_plain = !l->is_big && l->casing == CASING_CAREFUL;
}

/* ---- addresses and signs ---- */

static void weigh_signs(struct latin *l, struct sense *out)
{
	static const char *const domains[] = { ".com", ".co.", ".net", ".org", ".cn", ".io", ".de", ".fr", ".uk" };
	const struct str text = l->n->text, right = str_from(text, l->alias->norm_to);
	const char left = l->alias->norm_from ? text.p[l->alias->norm_from - 1] : ' ';
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		l->is_joined = l->is_joined || str_starts(right, str_of(domains[i]));
	if (l->is_joined)
		sense_add(out, "address", NULL, 2.4f);
	else if (left == '@')
		sense_add(out, "mention", NULL, 2.4f);
	else if (left == '#')
		sense_add(out, "hashtag", NULL, 0.8f);
	else if (left == '-' || (right.n > 1 && right.p[0] == '-' && is_letter(right.p[1])))
		sense_add(out, "hyphen", NULL, -0.8f);
	l->is_joined = l->is_joined || left == '@' || left == '#' || left == '/';
}

/* ---- capitals ---- */

static void weigh_case(const struct latin *l, struct sense *out)
{
	if (l->is_joined || l->casing == CASING_TITLE || l->casing == CASING_SHOUTED)
		return;
	if (l->is_big && !l->at_start)
		sense_add(out, "capital", NULL, 2.0f);
	else if (l->is_plain)
		sense_add(out, "small letter", NULL, -1.8f);
}

/* ---- the word before ---- */

static const char *const determiners[] = { "a", "an", "my", "your", "his", "her", "their", "our", "its", "this", "that", "these",
	"those", "every", "each", "another", "any", "some", "no", "one", "which", "what", "whose", "neither", "either", "both",
	NULL };
static const char *const modals[] = { "will", "would", "can", "could", "should", "must", "may", "might", "don't", "dont",
	"didn't", "doesn't", "won't", "can't", "cannot", "let's", "lets", "please", "i", "we", "you", "they", "he", "she", "who",
	"i'll", "we'll", "you'll", "they'll", "i'd", "we'd", "not", "never", "always", "just", NULL };
static const char *const motion[] = { "go", "goes", "going", "went", "gone", "drive", "drove", "run", "ran", "walk", "walked",
	"head", "headed", "heading", "trip", "trips", "back", "over", "switch", "switched", "switching", "moved", "move",
	"moving", "return", "returned", "returning", "write", "wrote", "written", "complain", "complained", "complaining", "sold",
	"sent", "send", "paid", "pay", "talk", "talked", "spoke", "speak", "subscribe", "subscribed", "thanks", "loyal", "came",
	"come", "report", "reported", "applied", "apply", "kudos", "down", "up", "dash", "dashed", "popped", "pop", "belongs",
	NULL };
static const char *const degrees[] = { "very", "so", "too", "more", "most", "quite", "rather", "pretty", "really", "less",
	"least", "as", NULL };
static const char *const places[] = { "at", "from", NULL };
static const char *const means[] = { "via", "with", "through", "by", "using", "use", "used", "uses", "joined", "quit", "hate",
	"hated", "love", "loved", "sued", "suing", "boycott", "boycotting", "tried", "called", "emailed", "contacted", "rang",
	"phoned", "buy", "bought", "ordered", "flew", "flying", "took", "install", "uninstalled", "downloaded", "deleted",
	"avoid", "recommend", "prefer", "choose", "chose", "thank", "dear", "than", "cancelled", "canceled", "ditched",
	"switched", "against", NULL };
static const char *const questions[] = { "is", "are", "does", "did", "has", "was", "had", "if", "when", "why", "because", "since",
	"and", "or", "but", "that", "while", "how", "where", "vs", "like", NULL };

static bool is_number(struct str word)
{
	static const char *const numbers[] = { "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "half",
		"dozen", "several", "many", "few", NULL };
	return word.n && ((word.p[0] >= '0' && word.p[0] <= '9') || is_any(word, numbers));
}

static const char *const persons[] = { "nephew", "niece", "son", "daughter", "brother", "sister", "cousin", "friend", "husband",
	"wife", "uncle", "aunt", "named", "mr", "mrs", "ms", "dr", "baby", "neighbour", "neighbor", "grandson", "colleague",
	NULL };

/* A small letter behind an article is a noun; a capital may still be a name ("my Apple"). */
static void weigh_article(const struct latin *l, struct sense *out)
{
	const bool is_name = l->is_big && l->casing == CASING_CAREFUL;
	const bool is_the = str_eqc(l->before[0], "the");
	sense_add(out, is_the ? "the" : "article", NULL, is_name ? -0.4f : is_the ? -1.0f : -1.5f);
}

static void weigh_to(const struct latin *l, struct sense *out)
{
	if (is_any(l->before[1], motion))
		sense_add(out, "goes to", NULL, 1.4f);
	else if (!l->is_big)
		sense_add(out, "verb", NULL, -1.5f);
}

static void weigh_before(const struct latin *l, struct sense *out)
{
	const struct str word = l->before[0];
	if (word.n == 0)
		return;
	if (str_eqc(word, "the") || is_any(word, determiners))
		weigh_article(l, out);
	else if (str_eqc(word, "to"))
		weigh_to(l, out);
	else if (is_any(word, modals) && !l->is_big)
		sense_add(out, "verb", NULL, -1.5f);
	else if (is_any(word, degrees))
		sense_add(out, "degree", NULL, -1.0f);
	else if (is_number(word))
		sense_add(out, "number", NULL, -1.0f);
	else if (is_any(word, persons) && l->is_big)
		sense_add(out, "person", NULL, -2.4f);
	else if (is_any(word, places))
		sense_add(out, "at, from", NULL, 1.5f);
	else if (is_any(word, means))
		sense_add(out, "bare name", NULL, 0.8f);
	else if (is_any(word, questions) && !l->is_plain)
		sense_add(out, "bare name", NULL, 0.5f);
}

/* ---- the word behind ---- */

static const char *const objects[] = { "the", "a", "an", "my", "your", "his", "her", "their", "our", "its", "me", "us", "you",
	"him", "them", "it", "these", "those", "people", "everything", "someone", NULL };
static const char *const particles[] = { "off", "out", "down", "away", "around", "in", "into", "over", "through", "past", "back",
	"up", NULL };
static const char *const clauses[] = { "that", "how", "what", "why", "whether", "of", NULL };
static const char *const predicates[] = { "is", "was", "has", "had", "did", "does", "will", "won't", "isn't", "wasn't", "can't",
	"cannot", "doesn't", "didn't", "hasn't", "keeps", "kept", "says", "said", "lost", "sent", "took", "told", "sold", "gave",
	"went", "let", "made", "left", "got", "wants", "wanted", "should", "would", "could", "needs", "just", "still", "now",
	"never", "really", "finally", "actually", "put", "fell", "froze", "broke", "tore", "died", "ran", "gave", "won't", "felt",
	"began", "came", "keep", "want", "say", "have", "are", "were", "aren't", "don't", "do", "owes", "owe", "makes", "gives",
	"takes", "charges", "claims", "sells", "uses", "thinks", "refuses", "cut", "cuts", "shut", "hit", "hits", "plans",
	"raises", "lets", "offers", "wrote", "files", NULL };

static bool ends_like_past(struct str word)
{
	return word.n >= 5 && str_ends(word, STR("ed")) && !str_ends(word, STR("eed"));
}

/* "Chase closed my account": a bare noun that does something is a name. */
static bool is_bare(const struct latin *l)
{
	const struct str word = l->before[0];
	return !l->is_plain && !str_eqc(word, "the") && !is_any(word, determiners) && !is_any(word, modals) &&
	       !is_any(word, degrees) && !str_eqc(word, "to");
}

/* "Boots in Leeds", "Target on Fifth": a shop and where it stands. */
static bool has_place(const struct latin *l)
{
	static const char *const where[] = { "in", "on", "at", "near", NULL };
	const struct str place = l->after[1];
	return l->is_big && l->casing == CASING_CAREFUL && is_any(l->after[0], where) && place.n > 0 &&
	       (l->n->folds[place.p - l->n->text.p] & FOLD_CASE);
}

static void weigh_behind(const struct latin *l, struct sense *out)
{
	const struct str word = l->after[0];
	const bool owns = str_starts(str_from(l->n->text, l->alias->norm_to), STR("'s"));
	if (owns)
		sense_add(out, "possessive", NULL, l->is_big ? 0.6f : 0);
	if (word.n == 0 || owns)
		return;
	if (is_any(word, clauses))
		sense_add(out, "of, that", NULL, l->is_big && !l->at_start ? -0.6f : -1.2f);
	else if (has_place(l))
		sense_add(out, "its place", NULL, 0.8f);
	else if (is_any(word, objects))
		sense_add(out, "object", NULL, l->is_big && !l->at_start ? -0.2f : -1.2f);
	else if (is_any(word, particles))
		sense_add(out, "particle", NULL, l->is_big && !l->at_start ? 0 : -0.8f);
	else if (is_bare(l) && (is_any(word, predicates) || ends_like_past(word)))
		sense_add(out, "acts", NULL, 1.2f);
	else if (l->at_start && l->is_big && l->casing == CASING_CAREFUL)
		sense_add(out, "bare start", NULL, 0.6f);
}

void sense_latin(const struct norm *field, enum casing casing, const struct match *alias, struct sense *out)
{
	struct latin l = { .n = field, .alias = alias, .casing = casing };
	look_around(&l);
	weigh_signs(&l, out);
	weigh_case(&l, out);
	weigh_before(&l, out);
	weigh_behind(&l, out);
}
