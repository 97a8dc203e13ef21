/* Posts as packed records and back, by the table of fields. */
#include "common/base/post_pack.h"

#include "common/base/names.h"
#include "common/base/post.h"
#include "common/base/post_fields.h"
#include "common/base/varint.h"

#include <string.h>

/* In front of each field: number * 2, plus 1 when bytes follow and not a number. */

static void pack_bytes(struct buf *out, const struct post_field_row *row, struct str s)
{
	if (s.n == 0)
		return;
	varint_add(out, row->number * 2 + 1);
	varint_add_bytes(out, s);
}

static void pack_number(struct buf *out, const struct post_field_row *row, int64_t v)
{
	if (v < 0)
		return; /* unknown */
	varint_add(out, row->number * 2);
	varint_add(out, (uint64_t)v);
}

void post_pack(struct buf *out, const struct post *p)
{
	for (size_t i = 0; i < post_nfields; i++) {
		const struct post_field_row *row = &post_fields[i];
		const void *at = (const char *)p + row->offset;
		switch (row->type) {
		case POST_STR:
			pack_bytes(out, row, *(const struct str *)at);
			break;
		case POST_COUNT:
			pack_number(out, row, *(const int64_t *)at);
			break;
		case POST_SMALL:
			pack_number(out, row, *(const int *)at);
			break;
		case POST_SORT: /* by name: the order of the enum may change */
			pack_bytes(out, row, str_of(post_kind_names[*(const enum post_kind *)at]));
			break;
		case POST_FLAG:
			pack_number(out, row, *(const bool *)at ? 1 : -1);
			break;
		}
	}
}

/* Fields come in the order of the table, most numbers are their place in it: look there first. */
static const struct post_field_row *row_of(uint64_t number)
{
	if (number - 1 < post_nfields && post_fields[number - 1].number == number)
		return &post_fields[number - 1];
	for (size_t i = 0; i < post_nfields; i++)
		if (post_fields[i].number == number)
			return &post_fields[i];
	return NULL;
}

static bool unpack_bytes(const struct post_field_row *row, struct str s, void *at)
{
	if (row->type == POST_STR) {
		*(struct str *)at = s;
		return s.n <= row->max;
	}
	if (row->type != POST_SORT)
		return false;
	const int kind = names_index(post_kind_names, POST_KIND__N, s);
	*(enum post_kind *)at = kind < 0 ? POST_OTHER : (enum post_kind)kind;
	return true;
}

static bool unpack_number(const struct post_field_row *row, uint64_t v, void *at)
{
	switch (row->type) {
	case POST_COUNT:
		*(int64_t *)at = (int64_t)v;
		return v <= INT64_MAX;
	case POST_SMALL:
		*(int *)at = (int)v;
		return v <= INT32_MAX;
	case POST_FLAG:
		*(bool *)at = v != 0;
		return true;
	case POST_STR:
	case POST_SORT:
		return false;
	}
	return false;
}

static bool unpack_field(struct str *rest, struct post *out)
{
	uint64_t head = 0, number = 0;
	struct str bytes = { 0 };
	if (!varint_take(rest, &head))
		return false;
	const bool is_bytes = head & 1;
	if (is_bytes ? !varint_take_bytes(rest, &bytes) : !varint_take(rest, &number))
		return false;
	const struct post_field_row *row = row_of(head / 2);
	if (row == NULL)
		return true;
	void *at = (char *)out + row->offset;
	return is_bytes ? unpack_bytes(row, bytes, at) : unpack_number(row, number, at);
}

bool post_unpack(struct str record, struct post *out)
{
	post_init(out);
	while (record.n > 0)
		if (!unpack_field(&record, out))
			return false;
	return true;
}
