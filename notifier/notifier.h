/* The contract of a channel: a way of telling people. A channel is a const struct of a name, option rows and three PURE
 * functions, plus one line in channels.def. It never opens a socket, a file or Redis: it renders an alert to requests and
 * judges the answer; notifier/deliver.c does what lies between.
 *
 * One alert may need several requests (WeCom takes 2,048 bytes a message). They are sent in order, each after the one before
 * was accepted, and the delivery is settled after the last. A crash or a failure in between sends ALL of them again on the
 * next attempt, under the same delivery id: people may see part 1 twice and never miss part 2. */
#ifndef EARSHOT_NOTIFIER_NOTIFIER_H
#define EARSHOT_NOTIFIER_NOTIFIER_H

#include "common/base/arena.h"
#include "common/base/conf.h"
#include "common/base/http.h"
#include <earshot/alert.h>
#include <earshot/notice.h>

enum lang { LANG_ZH, LANG_EN, LANG__N };

/* Where an alert can go: a [target NAME] section of routes.conf. Which of the fields count is up to the channel's options.
 * Lives as long as the routes it was loaded with. */
struct target {
	struct str name; /* [a-z0-9-]{1,32}: part of the delivery id, and what logs say instead of the URL */
	const struct channel *channel;
	int channel_index, lang; /* as CONF_CHOICE fills them */
	bool enabled;
	bool operators; /* hears how earshot itself is, and never of incidents */
	struct str utc_offset; /* "+08:00"; "" = by language */
	struct str url; /* may hold a token: MUST never be logged, nor may an error quote it */
	struct str token, secret; /* the same holds for these */
	struct str path; /* log: file; relative ones lie in the data folder */
	int format; /* log: json or text */
	struct conf_list allow_cidr;
	/* derived at load */
	int utc_offset_min;
	struct http_cidr *allow; /* special addresses this target may reach all the same */
	size_t nallow;
};

/* What is to be rendered: the same message renders to the same bytes. */
struct message {
	const struct target *target;
	const struct alert *alert; /* NULL: it is a notice */
	const struct notice *notice; /* NULL: it is an alert */
	struct str delivery_id; /* incident:revision:target, the same on every attempt */
	int64_t now_ms; /* for signatures; never for the words of the alert */
};

/* Either a POST of `body` to `url`, or, when `path` is not empty, `body` to be appended to that file. */
struct request_out {
	struct str url, path, body;
	struct str header[8]; /* "Name: value" */
	size_t nheaders;
};
struct rendering {
	struct request_out *request;
	size_t n;
};

struct answer {
	int status; /* HTTP */
	struct str body;
	int64_t retry_after_ms; /* -1 = not asked for; a judge may set it, when the body says "too fast" */
};

struct channel {
	const char *name, *about;
	const struct conf_option *options; /* beyond those of every target (route.c); offsets are into struct target */
	size_t noptions;
	int burst; /* requests at once before `every_ms` holds between two; 0 = no pacing */
	int64_t every_ms;
	/* Is a loaded target fit for use? REJECT with a sentence that names the option and the remedy, never a secret. */
	enum outcome (*check)(const struct target *t, struct err *e);
	/* OK with at least one request; REJECT when this alert can never be put into this channel. */
	enum outcome (*render)(struct arena *a, const struct message *m, struct rendering *out, struct err *e);
	/* OK accepted; RETRY; REJECT never will be (dead letter). */
	enum outcome (*judge)(struct answer *answer, struct err *e);
};

/* The table made from channels.def, and the same names NULL-terminated for CONF_CHOICE. */
extern const struct channel *const channels[];
extern const size_t channels_n;
extern const char *const channel_names[];

/* What channels share. */

/* 2xx is OK; 408, 425, 429, 5xx and anything below 200 RETRY; other statuses REJECT. */
enum outcome channel_judge_status(const struct answer *answer, struct err *e);
/* The robots' answers: a JSON object whose `errcode` is 0 when the message was taken. `busy` lists the codes that mean
 * "later". A 2xx without such an object (a proxy's page) is RETRY. */
enum outcome channel_judge_errcode(struct answer *answer, const int64_t *busy, size_t nbusy, struct err *e);
/* REJECT unless the url option is an http(s) address that may be fetched; the sentence does not quote it. */
enum outcome channel_check_url(const struct target *t, struct err *e);
void request_header(struct request_out *r, struct str line);

#endif
