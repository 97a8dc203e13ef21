/* How much of the talk about a brand looks organic, and how much looks coordinated: five signals, each with its counts, one estimate
 * out of them, and the evidence. It stands beside volume and sentiment; nothing is taken out of either because of it.
 *
 * Volume alone is never a signal, and neither is anger: in a real crisis many people say the same thing in the same minute, each in
 * their own words. What counts is one text under many names, one frame with other words put in, one text posted in the same minute
 * more often than the rest of the talk explains, few authors behind many posts, and accounts that are new. Reposts that say so and
 * articles of the press spread by being copied: they are counted apart. A petition whose text people copy shows here, too: the
 * estimate says "not each in their own words", not "paid for".
 *
 *   estimate = 1 - (1 - w1 x1) (1 - w2 x2) …      x = how far a share is from what organic talk has (0) to where it leaves
 *                                                 no doubt (1); w = how far that signal carries alone
 *
 * It never falls when a share rises. The numbers stand in integrity.c with where they come from. Pure. */
#ifndef EARSHOT_DETECTOR_INTEGRITY_H
#define EARSHOT_DETECTOR_INTEGRITY_H

#include "common/base/arena.h"
#include "common/base/buf.h"
#include <earshot/rule.h>

#define INTEGRITY_FEWEST 20 /* posts of people; below, nothing is concluded */
#define INTEGRITY_GROUP 3 /* posts with one text or frame, at the least, to be looked at */
#define INTEGRITY_SHOWN 5 /* groups, authors and hints that are told */

enum integrity_voice {
	VOICE_PERSON,
	VOICE_REPOST, /* says that it passes on what another one wrote */
	VOICE_PRESS, /* articles: syndicated texts are no sign of anything */
	VOICE_OWN, /* the brand's own accounts */
	VOICE__N
};

/* One post of the window. Strings are borrowed and must outlive the answer. */
struct integrity_post {
	struct str id, author, source, story, text; /* author, story: "" when not known */
	int64_t at_ms, author_since_ms; /* author_since_ms: -1 when the source does not tell */
	enum integrity_voice voice;
	double complaint;
	enum nature nature;
	enum urgency urgency;
	unsigned signs; /* out: bits 1 << enum integrity_signal */
};

enum integrity_signal {
	SIGNAL_COPIES, /* posts behind the first of one text */
	SIGNAL_TEMPLATES, /* posts behind the first of one frame, that are no copies */
	SIGNAL_BURSTS, /* posts of one text or frame in a minute that saw too many of it */
	SIGNAL_FLOODS, /* posts of an author beyond what one person says */
	SIGNAL_NEW, /* authors whose account is younger than thirty days, among those whose age is known */
	SIGNAL__N
};
struct integrity_share {
	size_t n, of; /* of = 0: not known */
	double excess; /* x of the formula, 0…1 */
};

enum integrity_word { INTEGRITY_UNCLEAR, INTEGRITY_ORGANIC, INTEGRITY_COORDINATED, INTEGRITY_WORD__N };

/* Posts of people with one text (a story) or one frame. `first` is the oldest of them, an index into the posts. */
struct integrity_group {
	bool is_template;
	size_t first, posts, authors, sources, complaints, urgent; /* urgent: high or critical */
	int64_t from_ms, to_ms;
	/* its fullest minute, if that is a burst; else burst = 0 */
	int64_t burst_ms;
	size_t burst; /* authors of that minute; posts without a known author count as authors */
	double burst_expected; /* so many posts would be there if the group came as the rest of the talk did */
};
struct integrity_author {
	struct str author;
	size_t posts, complaints;
	bool is_new;
};

/* What a person should look at, with the reason; never a verdict. */
enum integrity_hint {
	HINT_MONEY, /* malicious complaint: offers to delete what was posted, for money */
	HINT_COPIED_COMPLAINT, /* malicious complaint: one complaint, word for word, under several names */
	HINT_SERIAL_COMPLAINT, /* malicious complaint: one author, many complaints */
	HINT_RUMOURS, /* rumour: a notable part is judged to be rumour */
	HINT_COPIED_HEARSAY, /* rumour: a text that is copied, knows it from others, and tells nothing that the writer saw */
	HINT__N
};
struct integrity_hint_found {
	enum integrity_hint hint;
	size_t posts, authors; /* that it stands on */
	size_t sample; /* one of them, an index into the posts */
};

struct integrity {
	size_t posts, voice[VOICE__N];
	struct integrity_share share[SIGNAL__N];
	double estimate; /* 0 organic … 1 coordinated */
	enum integrity_word word;
	size_t coordinated; /* posts with a sign of their own: all but SIGNAL_NEW, which is one of authors */
	size_t authors; /* different known ones */
	struct integrity_group *group; /* the largest first */
	size_t ngroups, all_groups; /* told, and all there are */
	struct integrity_author busiest[INTEGRITY_SHOWN];
	size_t nbusiest;
	struct integrity_hint_found hint[HINT__N];
	size_t nhints;
};

/* The window is from_ms … to_ms, the latter left out. `post` is any order; its `signs` are set. The answer lives in `a`. */
struct integrity_window {
	struct integrity_post *post;
	size_t n;
	int64_t from_ms, to_ms;
};
void integrity_judge(struct arena *a, const struct integrity_window *w, struct integrity *out);

extern const char *const integrity_signal_names[SIGNAL__N];
extern const char *const integrity_word_names[INTEGRITY_WORD__N];
extern const char *const integrity_voice_names[VOICE__N];
extern const char *const integrity_hint_names[HINT__N];

/* Members without braces, as `earshot integrity --json` and /api/integrity have them. Authors are pseudonyms; without
 * `with_authors` they are left out. */
void integrity_write(struct buf *out, const struct integrity_window *w, const struct integrity *i, bool with_authors);

#endif
