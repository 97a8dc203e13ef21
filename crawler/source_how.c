/* What sources that are configured alike share. */
#include "crawler/source_how.h"

#include "common/base/buf.h"

#include <earshot/limits.h>

static bool is_of_one_source(struct str key)
{
	return str_eqc(key, "url") || str_eqc(key, "scope");
}

struct str source_how_key(struct arena *scratch, const struct conf_section *at)
{
	struct buf out;
	buf_init(&out, LIMIT_CONF_BYTES);
	buf_addz(&out, at->file);
	for (size_t i = 0; i < at->n; i++) {
		if (is_of_one_source(at->entry[i].key))
			continue;
		buf_addf(&out, "\n%.*s=%zu:", STR_FMT(at->entry[i].key), at->entry[i].value.n);
		buf_adds(&out, at->entry[i].value);
	}
	const struct str key = arena_copy(scratch, buf_str(&out));
	buf_release(&out);
	return key;
}

const struct source_how *source_how_find(const struct source_hows *known, struct str key)
{
	const uint64_t hash = str_hash(key);
	for (size_t i = 0; i < SOURCE_HOWS && i < known->n; i++)
		if (known->row[i].hash == hash && str_eq(known->row[i].key, key))
			return known->row[i].how;
	return NULL;
}

const struct source_how *source_how_keep(struct source_hows *known, struct arena *a, struct str key, const struct source_how *how)
{
	struct source_how *kept = arena_new(a, struct source_how);
	*kept = *how;
	if (key.n == 0)
		return kept;
	const size_t at = known->n++ % SOURCE_HOWS;
	known->row[at].hash = str_hash(key);
	known->row[at].key = arena_copy(a, key);
	known->row[at].how = kept;
	return kept;
}
