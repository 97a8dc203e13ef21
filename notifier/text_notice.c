/* The words of a notice to the operators, as people read them. */
#include "notifier/text.h"

#include "notifier/plain.h"

#define SENTENCE_COLUMNS 1200 /* what its makers allow, with room: foreign error texts stand in it */

void text_notice(struct buf *out, const struct notice *n, enum lang lang, int offset_min)
{
	static const char *const heads[NOTICE__N][LANG__N] = {
		[NOTICE_SICK] = { "【earshot 运维】来源异常\n", "[earshot operations] a source is sick\n" },
		[NOTICE_REMINDER] = { "【earshot 运维】提醒：仍未恢复\n", "[earshot operations] reminder: it is still so\n" },
		[NOTICE_WELL] = { "【earshot 运维】来源恢复\n", "[earshot operations] a source is well again\n" },
		[NOTICE_MANY_SICK] = { "【earshot 运维】大面积来源异常\n", "[earshot operations] many sources are sick\n" },
		[NOTICE_MANY_WELL] = { "【earshot 运维】大面积异常结束\n", "[earshot operations] most sources are well again\n" },
	};
	buf_addz(out, heads[n->kind][lang]);
	(void)plain_add(out, lang == LANG_ZH ? n->zh : n->en, SENTENCE_COLUMNS);
	buf_addc(out, '\n');
	if (n->since_ms <= 0)
		return;
	buf_addz(out, lang == LANG_ZH ? "始于：" : "Since: ");
	text_clock(out, n->since_ms, offset_min);
	buf_addc(out, '\n');
}
