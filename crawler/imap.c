/* A look into a mailbox: greeting, login, EXAMINE, UID SEARCH, one UID FETCH a message, LOGOUT. */
#include "crawler/imap.h"

#include <earshot/limits.h>

#include "common/base/clock.h"
#include "crawler/imap_words.h"

#include <stdlib.h>
#include <string.h>

#define SETUP_BYTES (64u << 10)
#define IN_BYTES ((size_t)LIMIT_MAIL_BYTES + LIMIT_IMAP_LINE_BYTES)

enum imap_step { STEP_GREETING, STEP_LOGIN, STEP_EXAMINE, STEP_SEARCH, STEP_FETCH, STEP_LOGOUT };

struct imap {
	struct arena arena; /* of what the terms said */
	struct imap_terms terms;
	enum imap_step step;
	unsigned tag;
	int said; /* pieces of the login */
	struct buf in; /* what arrived and was not read */
	uint64_t validity, next_uid, last, known_validity, known_last;
	uint64_t uid[LIMIT_IMAP_MESSAGES]; /* wanted, upwards */
	size_t nuid, at; /* at: which is fetched */
	bool more; /* than these */
	bool got; /* the message that is fetched came */
};

struct imap *imap_new(const struct imap_terms *t)
{
	struct imap *s = calloc(1, sizeof *s);
	if (s == NULL)
		abort();
	arena_init(&s->arena, SETUP_BYTES);
	buf_init(&s->in, IN_BYTES);
	s->terms = (struct imap_terms){ .user = arena_copy(&s->arena, t->user),
		.password = arena_copy(&s->arena, t->password),
		.folder = arena_copy(&s->arena, imap_folder(&s->arena, t->folder)),
		.since_ms = t->since_ms };
	imap_words_known(t->known, &s->known_validity, &s->known_last);
	return s;
}

void imap_free(struct imap *s)
{
	if (s == NULL)
		return;
	buf_release(&s->in);
	arena_release(&s->arena);
	free(s);
}

static bool is_known(const struct imap *s)
{
	return s->known_validity != 0 && s->known_validity == s->validity;
}

/* ---- what we say ---- */

static void begin_command(struct imap *s, struct http_talk_out *out, enum imap_step step)
{
	s->step = step;
	buf_addf(out->say, "e%u ", ++s->tag);
}

/* User and password go as literals: they may hold any byte, and no quotation mark ends them early. */
static void say_login(struct imap *s, struct http_talk_out *out)
{
	switch (s->said++) {
	case 0:
		begin_command(s, out, STEP_LOGIN);
		buf_addf(out->say, "LOGIN {%zu}\r\n", s->terms.user.n);
		break;
	case 1:
		buf_adds(out->say, s->terms.user);
		buf_addf(out->say, " {%zu}\r\n", s->terms.password.n);
		break;
	default:
		buf_adds(out->say, s->terms.password);
		buf_addz(out->say, "\r\n");
	}
}

static void say_examine(struct imap *s, struct http_talk_out *out)
{
	begin_command(s, out, STEP_EXAMINE);
	buf_addz(out->say, "EXAMINE \"");
	for (size_t i = 0; i < s->terms.folder.n; i++) {
		const char c = s->terms.folder.p[i];
		if (c == '"' || c == '\\')
			buf_addc(out->say, '\\');
		buf_addc(out->say, c);
	}
	buf_addz(out->say, "\"\r\n");
}

static void say_search(struct imap *s, struct http_talk_out *out)
{
	begin_command(s, out, STEP_SEARCH);
	s->last = is_known(s) ? s->known_last : 0;
	if (is_known(s)) {
		buf_addf(out->say, "UID SEARCH UID %llu:*\r\n", (unsigned long long)s->last + 1);
	} else {
		buf_addz(out->say, "UID SEARCH SINCE ");
		imap_words_day(out->say, s->terms.since_ms);
		buf_addz(out->say, "\r\n");
	}
}

static void say_logout(struct imap *s, struct http_talk_out *out)
{
	const bool is_old = is_known(s) && s->nuid == 0;
	const uint64_t last = s->more || s->next_uid == 0 || s->next_uid - 1 < s->last ? s->last : s->next_uid - 1;
	begin_command(s, out, STEP_LOGOUT);
	buf_addz(out->say, "LOGOUT\r\n");
	out->status = is_old ? 304 : 200;
	buf_addf(out->header, "ETag: %llu:%llu\n", (unsigned long long)s->validity, (unsigned long long)last);
	if (s->more)
		buf_addz(out->header, IMAP_MORE ": yes\n");
}

/* The next message, as long as there is room for a whole one. */
static void say_fetch(struct imap *s, struct http_talk_out *out)
{
	if (s->at < s->nuid && out->body->n + LIMIT_MAIL_BYTES + LIMIT_IMAP_LINE_BYTES > LIMIT_BODY_BYTES) {
		s->more = true;
		s->at = s->nuid;
	}
	if (s->at == s->nuid) {
		say_logout(s, out);
		return;
	}
	s->got = false;
	begin_command(s, out, STEP_FETCH);
	buf_addf(out->say, "UID FETCH %llu (UID INTERNALDATE BODY.PEEK[]<0.%u>)\r\n", (unsigned long long)s->uid[s->at],
		LIMIT_MAIL_BYTES);
}

/* ---- what we are told ---- */

/* Of all numbers the smallest that are new, in order: servers may tell them in any. */
static void want(struct imap *s, uint64_t uid)
{
	size_t at = s->nuid;
	if (uid <= s->last)
		return; /* "5:*" is also the last message when that is the third */
	while (at > 0 && s->uid[at - 1] > uid)
		at--;
	if (at > 0 && s->uid[at - 1] == uid)
		return;
	if (s->nuid == LIMIT_IMAP_MESSAGES) {
		s->more = true;
		if (at == s->nuid)
			return;
		s->nuid--;
	}
	memmove(s->uid + at + 1, s->uid + at, (s->nuid - at) * sizeof *s->uid);
	s->uid[at] = uid;
	s->nuid++;
}

static void take_search(struct imap *s, struct str line)
{
	struct str word;
	uint64_t uid;
	if (!str_istarts(line, STR("SEARCH")))
		return;
	line = str_from(line, sizeof "SEARCH" - 1);
	while (str_split(&line, ' ', &word))
		if (imap_words_number(word, &uid))
			want(s, uid);
}

static void take_code(struct imap *s, struct str line)
{
	uint64_t n;
	if (imap_words_code(line, "UIDVALIDITY ", &n))
		s->validity = n;
	if (imap_words_code(line, "UIDNEXT ", &n))
		s->next_uid = n;
}

static void take_message(struct imap *s, const struct imap_response *r, struct http_talk_out *out)
{
	if (s->got || r->uid != s->uid[s->at] || r->literal.p == NULL)
		return; /* of another message: its flags changed */
	s->got = true;
	imap_words_message(out->body, r->received, r->literal);
}

static void take_untagged(struct imap *s, const struct imap_response *r, struct http_talk_out *out)
{
	if (s->step == STEP_EXAMINE)
		take_code(s, r->line);
	else if (s->step == STEP_SEARCH)
		take_search(s, r->line);
	else if (s->step == STEP_FETCH)
		take_message(s, r, out);
}

static enum outcome refused(const struct imap *s, struct str words, struct err *e)
{
	static const char *const what[] = {
		[STEP_GREETING] = "the mail server does not want to talk",
		[STEP_LOGIN] = "the mail server refuses user and password; look at user and password_file",
		[STEP_EXAMINE] = "the mail server does not open this folder; look at folder = NAME",
		[STEP_SEARCH] = "the mail server does not search the folder",
		[STEP_FETCH] = "the mail server does not give a message",
		[STEP_LOGOUT] = "the mail server does not end",
	};
	if (s->step == STEP_LOGIN) /* some servers repeat the user's name */
		return err_set(e, REJECT, "%s", what[s->step]);
	return err_set(e, REJECT, "%s: %.*s", what[s->step], STR_FMT(imap_words_plain(words)));
}

static enum outcome take_tagged(struct imap *s, struct str line, struct http_talk_out *out, struct err *e)
{
	if (!str_istarts(line, STR("OK")) && !(s->step == STEP_FETCH && str_istarts(line, STR("NO"))))
		return refused(s, line, e);
	switch (s->step) {
	case STEP_LOGIN:
		say_examine(s, out);
		return SKIP;
	case STEP_EXAMINE:
		if (s->validity == 0)
			return err_set(e, REJECT, "the mail server tells no UIDVALIDITY; without it nobody knows what was read");
		if (is_known(s) && s->next_uid == s->known_last + 1)
			say_logout(s, out);
		else
			say_search(s, out);
		return SKIP;
	case STEP_FETCH: /* a message that went away meanwhile is answered without it */
		s->last = s->uid[s->at++];
		say_fetch(s, out);
		return SKIP;
	case STEP_SEARCH:
		say_fetch(s, out);
		return SKIP;
	default:
		return OK;
	}
}

static enum outcome take_response(struct imap *s, const struct imap_response *r, struct http_talk_out *out, struct err *e)
{
	if (r->kind == IMAP_GO_ON && s->step == STEP_LOGIN && s->said < 3) {
		say_login(s, out);
		return SKIP;
	}
	if (r->kind == IMAP_TAGGED)
		return r->tag == s->tag ? take_tagged(s, r->line, out, e) : SKIP;
	if (r->kind != IMAP_UNTAGGED)
		return err_set(e, REJECT, "this is no mail server: \"%.*s\"", STR_FMT(imap_words_plain(r->line)));
	if (str_istarts(r->line, STR("BYE")))
		return s->step == STEP_LOGOUT ? SKIP : refused(s, r->line, e);
	if (s->step != STEP_GREETING) {
		take_untagged(s, r, out);
		return SKIP;
	}
	if (str_istarts(r->line, STR("PREAUTH")))
		say_examine(s, out);
	else if (str_istarts(r->line, STR("OK")))
		say_login(s, out);
	else
		return refused(s, r->line, e);
	return SKIP;
}

enum outcome imap_take(void *imap, struct str arrived, struct http_talk_out *out, struct err *e)
{
	struct imap *s = imap;
	struct imap_response r;
	buf_adds(&s->in, arrived);
	struct str rest = buf_str(&s->in);
	enum outcome done =
		s->in.overflow ? err_set(e, REJECT, "the mail server says more than %zu bytes at once", IN_BYTES) : SKIP;
	while (done == SKIP && imap_words_response(&rest, &r, &done, e))
		done = take_response(s, &r, out, e);
	if (done == SKIP && rest.n < s->in.n) {
		memmove(s->in.p, rest.p, rest.n);
		s->in.n = rest.n;
	}
	return done;
}
