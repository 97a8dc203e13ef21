/* Fuzz target: any bytes under any label become UTF-8, by the label alone and by looking at them. Input: a byte that chooses a label,
 * or 255: the label is what stands before the first NUL. */
#include "common/base/charset.h"

#include <earshot/limits.h>

#include "common/base/utf8.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {
#define CHARSET(name, iconv, width, labels) name,
#include "common/base/charset.def"
#undef CHARSET
};
#define NNAMES (sizeof names / sizeof *names)

static void require(bool claim)
{
	if (!claim)
		abort();
}

/* What is UTF-8 already says the same when it is read again. */
static void check_read(struct arena *a, struct str bytes, struct str type)
{
	struct charset_text text, again;
	charset_read(a, bytes, type, &text);
	require(utf8_valid(text.utf8) && text.encoding.n > 0 && str_eq(charset_name(text.encoding), text.encoding));
	require(text.utf8.n <= 4 * bytes.n + 16);
	charset_read(a, text.utf8, STR("text/plain; charset=utf-8"), &again);
	require(str_eq(again.utf8, text.utf8) || str_starts(text.utf8, STR("\xEF\xBB\xBF")));
}

static void check_label(struct arena *a, struct str bytes, struct str label)
{
	struct charset_text text;
	const bool is_known = charset_name(label).n > 0;
	require(charset_decode(a, bytes, label, &text) == is_known);
	require(utf8_valid(text.utf8) && (is_known || text.utf8.n == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct str bytes = { (const char *)data + 1, size - 1 }, label;
	if (size == 0)
		return 0;
	label = str_of(names[data[0] % NNAMES]);
	if (data[0] == 255 && !str_split(&bytes, '\0', &label))
		return 0;
	arena_init(&a, LIMIT_ARENA_BYTES);
	const struct str type = arena_printf(&a, "text/html; charset=%.*s", STR_FMT(label));
	check_label(&a, bytes, label);
	check_read(&a, bytes, STR(""));
	check_read(&a, bytes, type);
	check_read(&a, bytes, label);
	(void)charset_of_content_type(bytes);
	arena_release(&a);
	return 0;
}
