/* The estimate and its evidence as JSON. */
#include "detector/integrity.h"

static void write_shares(struct buf *out, const struct integrity *i)
{
	buf_json_key(out, "signals");
	buf_addc(out, '{');
	for (int s = 0; s < SIGNAL__N; s++) {
		const struct integrity_share *share = &i->share[s];
		buf_json_key(out, integrity_signal_names[s]);
		if (share->of == 0) {
			buf_addz(out, "null");
			continue;
		}
		buf_addc(out, '{');
		buf_json_int(out, "n", (int64_t)share->n);
		buf_json_int(out, "of", (int64_t)share->of);
		buf_json_double(out, "share", (double)share->n / (double)share->of, 3);
		buf_json_double(out, "excess", share->excess, 3);
		buf_addc(out, '}');
	}
	buf_addc(out, '}');
}

static void write_group(struct buf *out, const struct integrity_window *w, const struct integrity_group *g)
{
	buf_json_comma(out);
	buf_addc(out, '{');
	buf_json_str(out, "kind", str_of(g->is_template ? "template" : "copies"));
	buf_json_int(out, "posts", (int64_t)g->posts);
	buf_json_int(out, "authors", (int64_t)g->authors);
	buf_json_int(out, "sources", (int64_t)g->sources);
	buf_json_int(out, "complaints", (int64_t)g->complaints);
	buf_json_int(out, "urgent", (int64_t)g->urgent);
	buf_json_int(out, "from_ms", g->from_ms);
	buf_json_int(out, "to_ms", g->to_ms);
	if (g->burst > 0) {
		buf_json_key(out, "burst");
		buf_addc(out, '{');
		buf_json_int(out, "at_ms", g->burst_ms);
		buf_json_int(out, "authors", (int64_t)g->burst);
		buf_json_double(out, "expected", g->burst_expected, 3);
		buf_addc(out, '}');
	}
	buf_json_str(out, "post", w->post[g->first].id);
	buf_json_str(out, "sample", w->post[g->first].text);
	buf_addc(out, '}');
}

static void write_groups(struct buf *out, const struct integrity_window *w, const struct integrity *i)
{
	buf_json_int(out, "groups", (int64_t)i->all_groups);
	buf_json_key(out, "largest");
	buf_addc(out, '[');
	for (size_t g = 0; g < i->ngroups; g++)
		write_group(out, w, &i->group[g]);
	buf_addc(out, ']');
}

static void write_authors(struct buf *out, const struct integrity *i)
{
	buf_json_key(out, "busiest");
	buf_addc(out, '[');
	for (size_t k = 0; k < i->nbusiest; k++) {
		const struct integrity_author *author = &i->busiest[k];
		buf_json_comma(out);
		buf_addc(out, '{');
		buf_json_str(out, "author", author->author);
		buf_json_int(out, "posts", (int64_t)author->posts);
		buf_json_int(out, "complaints", (int64_t)author->complaints);
		buf_json_bool(out, "new", author->is_new);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

static void write_hints(struct buf *out, const struct integrity_window *w, const struct integrity *i)
{
	buf_json_key(out, "hints");
	buf_addc(out, '[');
	for (size_t k = 0; k < i->nhints; k++) {
		const struct integrity_hint_found *hint = &i->hint[k];
		buf_json_comma(out);
		buf_addc(out, '{');
		buf_json_str(out, "hint", str_of(integrity_hint_names[hint->hint]));
		buf_json_int(out, "posts", (int64_t)hint->posts);
		buf_json_int(out, "authors", (int64_t)hint->authors);
		buf_json_str(out, "post", w->post[hint->sample].id);
		buf_json_str(out, "sample", w->post[hint->sample].text);
		buf_addc(out, '}');
	}
	buf_addc(out, ']');
}

void integrity_write(struct buf *out, const struct integrity_window *w, const struct integrity *i, bool with_authors)
{
	buf_json_int(out, "from_ms", w->from_ms);
	buf_json_int(out, "to_ms", w->to_ms);
	buf_json_int(out, "posts", (int64_t)i->posts);
	for (int v = 0; v < VOICE__N; v++)
		buf_json_int(out, integrity_voice_names[v], (int64_t)i->voice[v]);
	buf_json_int(out, "authors", (int64_t)i->authors);
	buf_json_double(out, "estimate", i->estimate, 3);
	buf_json_str(out, "word", str_of(integrity_word_names[i->word]));
	buf_json_int(out, "coordinated", (int64_t)i->coordinated);
	buf_json_int(out, "organic", (int64_t)(i->posts - i->coordinated));
	write_shares(out, i);
	write_groups(out, w, i);
	if (with_authors)
		write_authors(out, i);
	write_hints(out, w, i);
}
