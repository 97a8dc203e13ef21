/* Unit tests of a look into a mailbox: what is said to a server that says this and that, piece by piece. */
#include "crawler/imap.h"
#include <earshot/limits.h>

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct arena arena;
static struct imap *mailbox;
static struct buf say, header, body;
static struct http_talk_out out;
static struct err error;

static int start(void **state)
{
	const struct imap_terms terms = { .user = STR("me"),
		.password = STR("a \"b\""),
		.folder = STR("INBOX"),
		.known = STR("7:4"),
		.since_ms = 1784246400000 };
	(void)state;
	arena_init(&arena, 1u << 20);
	buf_init(&say, 1u << 16);
	buf_init(&header, 1u << 16);
	buf_init(&body, LIMIT_BODY_BYTES);
	mailbox = imap_new(&terms);
	out = (struct http_talk_out){ .say = &say, .header = &header, .body = &body };
	return 0;
}

static int stop(void **state)
{
	(void)state;
	imap_free(mailbox);
	buf_release(&say);
	buf_release(&header);
	buf_release(&body);
	arena_release(&arena);
	return 0;
}

/* The server says this, byte for byte; we answer that. */
static enum outcome exchange(const char *server, const char *ours)
{
	enum outcome done = SKIP;
	buf_clear(&say);
	for (size_t i = 0; server[i] != '\0' && done == SKIP; i++)
		done = imap_take(mailbox, (struct str){ server + i, 1 }, &out, &error);
	buf_addc(&say, '\0');
	assert_string_equal(say.p, ours);
	return done;
}

static void log_in(const char *examined, const char *ours)
{
	assert_int_equal(exchange("* OK hello\r\n", "e1 LOGIN {2}\r\n"), SKIP);
	assert_int_equal(exchange("+ go\r\n", "me {5}\r\n"), SKIP);
	assert_int_equal(exchange("+ go\r\n", "a \"b\"\r\n"), SKIP);
	assert_int_equal(exchange("* CAPABILITY X\r\ne1 OK in\r\n", "e2 EXAMINE \"INBOX\"\r\n"), SKIP);
	assert_int_equal(exchange(examined, ours), SKIP);
}

static void new_messages_are_peeked_at(void **state)
{
	struct imap_message m;
	(void)state;
	log_in("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\ne2 OK [READ-ONLY]\r\n",
		"e3 UID SEARCH UID 5:*\r\n");
	assert_int_equal(
		exchange("* SEARCH 8 4 6\r\ne3 OK\r\n", "e4 UID FETCH 6 (UID INTERNALDATE BODY.PEEK[]<0.2097152>)\r\n"), SKIP);
	assert_int_equal(exchange("* 2 FETCH (UID 6 INTERNALDATE \"01-Jul-2026 00:00:00 +0800\" BODY[]<0> {13}\r\ne4 OK\r\n* "
				  "BYE\n)\r\ne4 OK\r\n",
				 "e5 UID FETCH 8 (UID INTERNALDATE BODY.PEEK[]<0.2097152>)\r\n"),
		SKIP); /* a message that looks like the protocol is only a message */
	assert_int_equal(exchange("* 9 FETCH (FLAGS (\\Seen) UID 6)\r\ne5 OK gone\r\n", "e6 LOGOUT\r\n"), SKIP);
	assert_int_equal(exchange("* BYE\r\ne6 OK\r\n", ""), OK);
	assert_int_equal(out.status, 200);
	assert_true(str_eqc(http_header(buf_str(&header), "etag"), "7:8"));
	struct str rest = buf_str(&body);
	assert_true(imap_next_message(&rest, &m));
	assert_true(str_eqc(m.bytes, "e4 OK\r\n* BYE\n") && str_eqc(m.received, "01-Jul-2026 00:00:00 +0800"));
	assert_false(imap_next_message(&rest, &m));
}

static void nothing_new_is_304(void **state)
{
	(void)state;
	log_in("* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 5]\r\ne2 OK\r\n", "e3 LOGOUT\r\n");
	assert_int_equal(out.status, 304);
	assert_true(str_eqc(http_header(buf_str(&header), "etag"), "7:4"));
}

static void another_uidvalidity_is_another_mailbox(void **state)
{
	(void)state;
	log_in("* OK [UIDVALIDITY 8]\r\n* OK [UIDNEXT 5]\r\ne2 OK\r\n", "e3 UID SEARCH SINCE 17-Jul-2026\r\n");
	assert_int_equal(exchange("* SEARCH\r\ne3 OK\r\n", "e4 LOGOUT\r\n"), SKIP);
	assert_int_equal(out.status, 200);
	assert_true(str_eqc(http_header(buf_str(&header), "etag"), "8:4"));
}

static void one_look_takes_so_many(void **state)
{
	struct buf found;
	(void)state;
	buf_init(&found, 1u << 16);
	log_in("* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 999]\r\ne2 OK\r\n", "e3 UID SEARCH UID 5:*\r\n");
	buf_addz(&found, "* SEARCH");
	for (int uid = 998; uid > 4; uid--)
		buf_addf(&found, " %d", uid);
	buf_addz(&found, "\r\ne3 OK\r\n");
	assert_int_equal(imap_take(mailbox, buf_str(&found), &out, &error), SKIP);
	for (int i = 0; i < LIMIT_IMAP_MESSAGES; i++) {
		buf_clear(&found);
		buf_addf(&found, "e%d OK\r\n", i + 4);
		assert_int_equal(imap_take(mailbox, buf_str(&found), &out, &error), SKIP);
	}
	assert_true(imap_has_more(buf_str(&header)));
	assert_true(str_eqc(http_header(buf_str(&header), "etag"), "7:104"));
	buf_release(&found);
}

static void trouble_is_told_without_secrets(void **state)
{
	(void)state;
	assert_int_equal(exchange("* OK\r\n", "e1 LOGIN {2}\r\n"), SKIP);
	assert_int_equal(exchange("e1 NO me a \"b\" is wrong\r\n", ""), REJECT);
	assert_null(strstr(error.text, "a \"b\""));
	assert_non_null(strstr(error.text, "password_file"));
}

static void strangers_are_no_mail_servers(void **state)
{
	(void)state;
	assert_int_equal(exchange("HTTP/1.1 400 Bad Request\r\n", ""), REJECT);
}

static void literals_beyond_the_cap_are_refused(void **state)
{
	(void)state;
	assert_int_equal(exchange("* OK {99999999}\r\n", ""), REJECT);
}

static void folders_are_written_in_utf7(void **state)
{
	(void)state;
	assert_true(str_eqc(imap_folder(&arena, STR("投诉")), "&YpWLyQ-"));
	assert_true(str_eqc(imap_folder(&arena, STR("A&B/投诉 1")), "A&-B/&YpWLyQ- 1"));
	assert_true(str_eqc(imap_folder(&arena, STR("😀")), "&2D3eAA-"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_messages_are_peeked_at),
		TEST(nothing_new_is_304),
		TEST(another_uidvalidity_is_another_mailbox),
		TEST(one_look_takes_so_many),
		TEST(trouble_is_told_without_secrets),
		TEST(strangers_are_no_mail_servers),
		TEST(literals_beyond_the_cap_are_refused),
		TEST(folders_are_written_in_utf7),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
