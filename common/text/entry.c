/* The stream entry as JSON. */
#include "common/text/entry.h"

#include "common/base/post.h"
#include <earshot/limits.h>

static void write_places(struct buf *out, const struct entry *entry)
{
	buf_json_key(out, "places");
	buf_addc(out, '[');
	for (size_t i = 0; i < entry->nplaces; i++) {
		const struct match *m = entry->place[i];
		buf_addz(out, i > 0 ? ",[" : "[");
		buf_json_string(out, str_of(post_field_names[m->field]));
		buf_addf(out, ",%u,%u,", m->from, m->to);
		buf_json_string(out, m->rule->term);
		buf_addc(out, ']');
	}
	buf_addc(out, ']');
}

void entry_write(struct buf *out, const struct entry *entry)
{
	buf_addc(out, '{');
	buf_json_str(out, "brand", entry->brand);
	buf_json_str(out, "rulebook", entry->rulebook);
	if (entry->own)
		buf_json_bool(out, "own", true);
	if (entry->backfill)
		buf_json_bool(out, "backfill", true);
	if (entry->history)
		buf_json_bool(out, "history", true);
	if (entry->edited)
		buf_json_bool(out, "edited", true);
	write_places(out, entry);
	buf_json_key(out, "post");
	post_write(out, entry->post);
	buf_addc(out, '}');
}

struct str entry_json(struct arena *a, const struct entry *entry)
{
	struct buf out;
	buf_init(&out, LIMIT_STREAM_ENTRY_BYTES);
	entry_write(&out, entry);
	const struct str json = out.overflow ? STR("") : arena_copy(a, buf_str(&out));
	buf_release(&out);
	return json;
}
