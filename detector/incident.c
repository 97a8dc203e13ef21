/* The life of an incident: one table says what each event does in each state, small conditions say which event a tick is. */
#include "detector/incident.h"

#include "common/base/clock.h"
#include "common/base/crypto.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct cell {
	enum incident_state to;
	bool tell;
};
/* clang-format off: a table to be seen at once */
#define TELL(state)                                                                                                              \
	{                                                                                                                        \
		INC_##state, true                                                                                                \
	} /* goes there and writes an outbox entry */
#define GO(state)                                                                                                                \
	{                                                                                                                        \
		INC_##state, false                                                                                               \
	} /* goes there; the timeline alone shows it */

/* An empty cell: the event changes nothing (a tick) or is refused (a person's wish).
 * A closed incident never swallows a surge: SURGE makes a NEW incident with its own id. The score it has to reach (see
 * `bar`) remembers the announced peak for a while, so that an ebbing storm does not open again at every gust.
 * CALM takes what nobody touched straight to resolved; where people work it goes to monitoring first. */
static const struct cell table[INC__N][EVT__N] = {
	[INC_NONE] = { [EVT_SURGE] = TELL(DETECTED) },
	[INC_DETECTED] = { [EVT_ESCALATE] = TELL(DETECTED),
		[EVT_CALM] = TELL(RESOLVED),
		[EVT_ACK] = GO(ACKNOWLEDGED),
		[EVT_ASSIGN] = GO(ASSIGNED),
		[EVT_ASSESS] = GO(ASSESSING),
		[EVT_RESPOND] = GO(RESPONDING),
		[EVT_MUTE] = GO(DETECTED),
		[EVT_FALSE_ALARM] = TELL(FALSE_ALARM),
		[EVT_CLOSE] = TELL(RESOLVED) },
	[INC_ACKNOWLEDGED] = { [EVT_ESCALATE] = TELL(ACKNOWLEDGED),
		[EVT_CALM] = GO(MONITORING),
		[EVT_ASSIGN] = GO(ASSIGNED),
		[EVT_ASSESS] = GO(ASSESSING),
		[EVT_RESPOND] = GO(RESPONDING),
		[EVT_MUTE] = GO(ACKNOWLEDGED),
		[EVT_FALSE_ALARM] = TELL(FALSE_ALARM),
		[EVT_CLOSE] = TELL(RESOLVED) },
	[INC_ASSIGNED] = { [EVT_ESCALATE] = TELL(ASSIGNED),
		[EVT_CALM] = GO(MONITORING),
		[EVT_ASSIGN] = GO(ASSIGNED),
		[EVT_ASSESS] = GO(ASSESSING),
		[EVT_RESPOND] = GO(RESPONDING),
		[EVT_MUTE] = GO(ASSIGNED),
		[EVT_FALSE_ALARM] = TELL(FALSE_ALARM),
		[EVT_CLOSE] = TELL(RESOLVED) },
	[INC_ASSESSING] = { [EVT_ESCALATE] = TELL(ASSESSING),
		[EVT_CALM] = GO(MONITORING),
		[EVT_ASSIGN] = GO(ASSESSING),
		[EVT_RESPOND] = GO(RESPONDING),
		[EVT_MUTE] = GO(ASSESSING),
		[EVT_FALSE_ALARM] = TELL(FALSE_ALARM),
		[EVT_CLOSE] = TELL(RESOLVED) },
	[INC_RESPONDING] = { [EVT_ESCALATE] = TELL(RESPONDING),
		[EVT_CALM] = GO(MONITORING),
		[EVT_ASSIGN] = GO(RESPONDING),
		[EVT_ASSESS] = GO(ASSESSING),
		[EVT_MUTE] = GO(RESPONDING),
		[EVT_FALSE_ALARM] = TELL(FALSE_ALARM),
		[EVT_CLOSE] = TELL(RESOLVED) },
	[INC_MONITORING] = { [EVT_ESCALATE] = TELL(ASSESSING),
		[EVT_CALM] = TELL(RESOLVED),
		[EVT_ASSIGN] = GO(ASSIGNED),
		[EVT_ASSESS] = GO(ASSESSING),
		[EVT_RESPOND] = GO(RESPONDING),
		[EVT_MUTE] = GO(MONITORING),
		[EVT_FALSE_ALARM] = TELL(FALSE_ALARM),
		[EVT_CLOSE] = TELL(RESOLVED) },
	[INC_RESOLVED] = { [EVT_SURGE] = TELL(DETECTED), [EVT_REVIEW] = GO(REVIEWED), [EVT_FALSE_ALARM] = GO(FALSE_ALARM) },
	[INC_REVIEWED] = { [EVT_SURGE] = TELL(DETECTED) },
	[INC_FALSE_ALARM] = { [EVT_SURGE] = TELL(DETECTED), [EVT_REVIEW] = GO(REVIEWED) },
	[INC_MERGED] = { [EVT_SURGE] = TELL(DETECTED) },
};
/* clang-format on */

#define CALM_SHARE 0.5 /* of open_score: under it an open incident grows calm (hysteresis) */
#define GRAVE_COMPLAINTS 3 /* so many complaints in grave categories lift an incident to orange */

static bool is_open(const struct incident *i)
{
	return i->state >= INC_DETECTED && i->state <= INC_MONITORING;
}

static double share(double part, double whole)
{
	return whole > 0 ? fmin(1, part / whole) : 0;
}

static double clamped(double x)
{
	return x > 0 ? fmin(1, x) : 0;
}

struct level_score incident_level_score(const struct situation *s)
{
	struct level_score l = {
		.size = 30 * clamped(log10(fmax(s->posts, 1) / 3) / log10(300)), /* 3 posts: nothing, 900: all of it */
		.ratio = 25 * clamped(log2(fmax(s->evidence.ratio, 1)) / 4), /* 16 times the expected: all of it */
		.negative = 25 * clamped(share(s->negative, s->posts) / 0.8),
		.severity = 20 * clamped(s->severe),
	};
	l.total = l.size + l.ratio + l.negative + l.severity;
	return l;
}

enum level incident_level(const struct situation *s, const struct thresholds *t)
{
	const double total = incident_level_score(s).total;
	const bool grave = s->complaints * s->severe >= GRAVE_COMPLAINTS;
	if (total >= t->level_red)
		return LEVEL_RED;
	if (total >= t->level_orange || grave)
		return LEVEL_ORANGE;
	return total >= t->level_yellow ? LEVEL_YELLOW : LEVEL_BLUE;
}

void incident_make_id(struct str brand, const char *series, int64_t onset_ms, char out[INCIDENT_ID_BYTES])
{
	char bucket[24];
	const int n = snprintf(bucket, sizeof bucket, "%lld", (long long)(onset_ms / MS_PER_MINUTE));
	const struct str part[] = { brand, str_of(series), { bucket, (size_t)n } };
	const struct sha256 hash = crypto_sha256_parts(part, 3);
	crypto_hex(hash.byte, (INCIDENT_ID_BYTES - 1) / 2, out);
}

/* What the score has to reach to be news: the threshold, or a step above the announced peak, which fades with time. */
static double bar(const struct incident *i, const struct situation *s, const struct thresholds *t)
{
	if (i->state == INC_NONE)
		return t->open_score;
	const int64_t since_ms = is_open(i) ? i->changed_ms : i->last_over_ms;
	const double age = (double)(s->now_ms - since_ms) / (double)(t->cooldown_ms > 0 ? t->cooldown_ms : 1);
	return fmax(t->open_score, t->escalate_step * i->peak.score * exp2(-fmax(0, age)));
}

/* The conditions of a tick, in the order they are tried. */

static bool has_enough_posts(const struct situation *s, const struct thresholds *t)
{
	const bool learning = s->known_since_ms <= 0 || s->now_ms - s->known_since_ms < t->learn_ms;
	return s->evidence.observed >= t->min_posts * (learning ? 4 : 1);
}

static bool is_surge(const struct incident *i, const struct situation *s, const struct thresholds *t)
{
	return !is_open(i) && s->evidence.score >= bar(i, s, t) && has_enough_posts(s, t);
}

static bool tops_peak(const struct incident *i, const struct situation *s, const struct thresholds *t)
{
	return is_open(i) && s->evidence.score >= bar(i, s, t);
}

static bool has_doubled(const struct incident *i, const struct situation *s, const struct thresholds *t)
{
	return is_open(i) && s->evidence.score >= t->open_score && s->evidence.window_ms <= i->peak.window_ms &&
	       s->evidence.observed >= 2 * i->peak.observed;
}

static bool level_rises(const struct incident *i, const struct situation *s, const struct thresholds *t)
{
	return is_open(i) && s->evidence.score >= t->open_score && incident_level(s, t) > i->level;
}

/* "I cannot tell" is not calm: with sources down an incident stays as it is. */
static bool is_calm(const struct incident *i, const struct situation *s, const struct thresholds *t)
{
	if (!is_open(i) || s->evidence.missing || s->evidence.score >= CALM_SHARE * t->open_score)
		return false;
	const int64_t last_ms = i->last_over_ms > i->changed_ms ? i->last_over_ms : i->changed_ms;
	return s->now_ms - last_ms >= t->calm_ms;
}

static enum incident_event event_of(const struct incident *i, const struct situation *s, const struct thresholds *t)
{
	if (is_surge(i, s, t))
		return EVT_SURGE;
	if (tops_peak(i, s, t) || has_doubled(i, s, t) || level_rises(i, s, t))
		return EVT_ESCALATE;
	return is_calm(i, s, t) ? EVT_CALM : EVT__N;
}

static void copy_text(char *to, size_t size, struct str from)
{
	const struct str cut = str_cut_utf8(from, size - 1);
	if (cut.n > 0)
		memcpy(to, cut.p, cut.n);
	to[cut.n] = '\0';
}

/* What the tick saw, whether or not it moves anything. */
static void refresh(struct incident *i, const struct situation *s, const struct thresholds *t)
{
	if (s->evidence.score >= CALM_SHARE * t->open_score)
		i->last_over_ms = s->now_ms;
	i->posts = s->posts;
	i->negative = s->negative;
	i->complaints = s->complaints;
	if (s->category != NULL && s->category[0] != '\0')
		copy_text(i->category, sizeof i->category, str_of(s->category));
}

static void open_new(struct incident *i, const struct situation *s, const struct thresholds *t)
{
	*i = (struct incident){ .revision = i->revision, .onset_ms = s->evidence.since_ms, .opened_ms = s->now_ms };
	copy_text(i->series, sizeof i->series, str_of(s->series));
	incident_make_id(s->brand, i->series, i->onset_ms, i->id);
	i->peak = s->evidence;
	refresh(i, s, t);
	i->level = incident_level(s, t);
}

static void escalate(struct incident *i, const struct situation *s, const struct thresholds *t)
{
	const double before = i->peak.score;
	i->peak = s->evidence;
	i->peak.score = fmax(before, s->evidence.score);
	const enum level level = incident_level(s, t);
	i->level = level > i->level ? level : i->level; /* only a person lowers it */
	copy_text(i->series, sizeof i->series, str_of(s->series));
}

/* A mute holds until its time, except for an incident that turns red. */
static bool is_muted(const struct incident *before, const struct incident *after, int64_t now_ms)
{
	const bool turns_red = after->level == LEVEL_RED && before->level != LEVEL_RED;
	return before->muted_until_ms > now_ms && is_open(before) && !turns_red;
}

static void move(struct incident *i, const struct cell *cell, int64_t now_ms)
{
	i->state = cell->to;
	i->changed_ms = now_ms;
	i->revision++;
	if (!is_open(i) && i->closed_ms == 0)
		i->closed_ms = now_ms;
}

struct step incident_tick(const struct incident *now, const struct situation *s, const struct thresholds *t)
{
	struct step out = { .from = now->state, .event = event_of(now, s, t), .next = *now };
	if (is_open(now))
		refresh(&out.next, s, t);
	if (out.event == EVT__N)
		return out;
	const struct cell *cell = &table[now->state][out.event];
	if (cell->to == INC_NONE)
		return out;
	if (out.event == EVT_SURGE)
		open_new(&out.next, s, t);
	if (out.event == EVT_ESCALATE)
		escalate(&out.next, s, t);
	move(&out.next, cell, s->now_ms);
	out.moved = true;
	out.tell = cell->tell && !is_muted(now, &out.next, s->now_ms);
	return out;
}

/* What a wish needs besides a state that allows it; NULL when it has it. */
static const char *lacks(const struct person_wish *w)
{
	if (w->event < EVT_ACK || w->event >= EVT__N)
		return "it is not something people can ask for; ask for ack, assign, assess, respond, false-alarm, mute, close "
		       "or review";
	if (str_trim(w->by).n == 0)
		return "nobody is named; say who asks with --by NAME";
	if (w->event == EVT_FALSE_ALARM && str_trim(w->note).n == 0)
		return "a false alarm needs its reason, so that the rules can be put right; add --note TEXT";
	if (w->event == EVT_MUTE && w->until_ms <= w->at_ms)
		return "a mute needs an end that lies ahead; add --until TIME";
	return NULL;
}

enum outcome incident_wish(const struct incident *now, const struct person_wish *w, struct step *out, struct err *e)
{
	const char *name = w->event < EVT__N ? incident_event_names[w->event] : "?";
	const char *lack = lacks(w);
	if (lack != NULL)
		return err_set(e, REJECT, "%s: %s", name, lack);
	const struct cell *cell = &table[now->state][w->event];
	if (cell->to == INC_NONE)
		return err_set(e, REJECT,
			"%s: incident %s is %s, and that state does not allow it; `earshot incidents` shows how things stand",
			name, now->id[0] != '\0' ? now->id : "(none)", incident_state_names[now->state]);
	*out = (struct step){ .moved = true, .tell = cell->tell, .from = now->state, .event = w->event, .next = *now };
	copy_text(out->next.by, sizeof out->next.by, str_trim(w->by));
	copy_text(out->next.note, sizeof out->next.note, str_trim(w->note));
	if (w->event == EVT_MUTE)
		out->next.muted_until_ms = w->until_ms;
	move(&out->next, cell, w->at_ms);
	return OK;
}
