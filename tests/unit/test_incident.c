/* Unit tests of the life of an incident: what a tick does in each state, what people may ask for, how levels come about. */
#include "detector/incident.h"

#include "common/base/clock.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#define NOW 1700006400000LL

static struct thresholds thresholds(void)
{
	struct thresholds t;
	thresholds_default(&t);
	return t;
}

/* A known brand whose 1 h window has `score`. */
static struct situation situation(int64_t at_ms, double score)
{
	return (struct situation){
		.brand = STR("acme"),
		.series = "all",
		.evidence = { .observed = 60,
			.expected = 10,
			.low = 4,
			.high = 18,
			.score = score,
			.p_value = 1e-6,
			.ratio = 6,
			.window_ms = MS_PER_HOUR,
			.since_ms = at_ms - 20 * MS_PER_MINUTE },
		.posts = 60,
		.negative = 30,
		.category = "service",
		.now_ms = at_ms,
		.known_since_ms = at_ms - 30 * MS_PER_DAY,
	};
}

static struct incident opened(int64_t at_ms, double score)
{
	const struct thresholds t = thresholds();
	const struct incident none = { .revision = 6 };
	const struct situation s = situation(at_ms, score);
	return incident_tick(&none, &s, &t).next;
}

static struct incident tick(struct incident i, const struct situation *s, struct step *out)
{
	const struct thresholds t = thresholds();
	*out = incident_tick(&i, s, &t);
	return out->next;
}

static enum outcome wish(struct incident *i, enum incident_event event, const char *note)
{
	struct step step;
	struct err e;
	const struct person_wish w = { .event = event,
		.by = STR("li"),
		.note = str_of(note),
		.at_ms = NOW + MS_PER_HOUR,
		.until_ms = NOW + 5 * MS_PER_HOUR };
	const enum outcome done = incident_wish(i, &w, &step, &e);
	if (done == OK)
		*i = step.next;
	return done;
}

static void a_surge_opens_an_incident_and_tells(void **state)
{
	(void)state;
	struct step step;
	const struct incident none = { .revision = 6 };
	const struct situation s = situation(NOW, 5);
	const struct incident i = tick(none, &s, &step);
	assert_true(step.moved && step.tell);
	assert_int_equal(step.event, EVT_SURGE);
	assert_int_equal(i.state, INC_DETECTED);
	assert_int_equal(i.revision, 7);
	assert_int_equal(strlen(i.id), INCIDENT_ID_BYTES - 1);
	assert_int_equal(i.onset_ms, NOW - 20 * MS_PER_MINUTE);
	assert_string_equal(i.series, "all");
	assert_string_equal(i.category, "service");
}

static void a_weak_score_opens_nothing(void **state)
{
	(void)state;
	struct step step;
	const struct incident none = { 0 };
	const struct situation s = situation(NOW, 2);
	assert_int_equal(tick(none, &s, &step).state, INC_NONE);
	assert_false(step.moved);
}

static void few_posts_open_nothing_however_rare(void **state)
{
	(void)state;
	struct step step;
	const struct incident none = { 0 };
	struct situation s = situation(NOW, 9);
	s.evidence.observed = 3;
	assert_int_equal(tick(none, &s, &step).state, INC_NONE);
	s.evidence.observed = 4;
	assert_int_equal(tick(none, &s, &step).state, INC_DETECTED);
}

static void a_new_brand_needs_four_times_the_posts(void **state)
{
	(void)state;
	struct step step;
	const struct incident none = { 0 };
	struct situation s = situation(NOW, 9);
	s.evidence.observed = 15;
	s.known_since_ms = NOW - 3 * MS_PER_HOUR;
	assert_int_equal(tick(none, &s, &step).state, INC_NONE);
	s.known_since_ms = -1; /* not known at all */
	assert_int_equal(tick(none, &s, &step).state, INC_NONE);
	s.evidence.observed = 16;
	assert_int_equal(tick(none, &s, &step).state, INC_DETECTED);
}

static void the_id_depends_on_brand_series_and_onset_alone(void **state)
{
	(void)state;
	char a[INCIDENT_ID_BYTES], b[INCIDENT_ID_BYTES], c[INCIDENT_ID_BYTES];
	incident_make_id(STR("acme"), "all", NOW, a);
	incident_make_id(STR("acme"), "all", NOW + 59999, b);
	incident_make_id(STR("acme"), "negative", NOW, c);
	assert_string_equal(a, b); /* one minute is one bucket */
	assert_string_not_equal(a, c);
}

static void it_speaks_again_only_a_step_above_its_peak(void **state)
{
	(void)state;
	struct step step;
	const struct incident i = opened(NOW, 5);
	struct situation s = situation(NOW + MS_PER_MINUTE, 6);
	(void)tick(i, &s, &step);
	assert_false(step.moved);
	s = situation(NOW + MS_PER_MINUTE, 6.6);
	assert_true(tick(i, &s, &step).peak.score == 6.6);
	assert_int_equal(step.event, EVT_ESCALATE);
	assert_true(step.moved && step.tell);
	assert_int_equal(step.next.revision, i.revision + 1);
	assert_string_equal(step.next.id, i.id);
}

static void a_doubled_count_is_an_escalation(void **state)
{
	(void)state;
	struct step step;
	const struct incident i = opened(NOW, 5);
	struct situation s = situation(NOW + MS_PER_MINUTE, 5.5);
	s.evidence.observed = 120;
	(void)tick(i, &s, &step);
	assert_int_equal(step.event, EVT_ESCALATE);
}

static void a_risen_level_is_an_escalation_and_never_falls(void **state)
{
	(void)state;
	struct step step;
	const struct incident i = opened(NOW, 5);
	struct situation s = situation(NOW + MS_PER_MINUTE, 5);
	s.complaints = 10;
	s.severe = 0.9;
	s.negative = 60;
	const struct incident risen = tick(i, &s, &step);
	assert_int_equal(step.event, EVT_ESCALATE);
	assert_true(risen.level > i.level);
	s = situation(NOW + 2 * MS_PER_MINUTE, 9);
	s.negative = 0;
	assert_int_equal(tick(risen, &s, &step).level, risen.level);
}

static void grave_complaints_lift_it_to_orange(void **state)
{
	(void)state;
	const struct thresholds t = thresholds();
	struct situation s = situation(NOW, 4);
	s.posts = 8;
	s.negative = 2;
	s.evidence.ratio = 1.5;
	assert_true(incident_level(&s, &t) < LEVEL_ORANGE);
	s.complaints = 4;
	s.severe = 1;
	assert_int_equal(incident_level(&s, &t), LEVEL_ORANGE);
	s.complaints = 2; /* one or two prove nothing */
	assert_true(incident_level(&s, &t) < LEVEL_ORANGE);
}

static void the_level_score_is_the_sum_of_its_parts(void **state)
{
	(void)state;
	struct situation s = situation(NOW, 4);
	s.posts = 1e6;
	s.negative = 1e6;
	s.severe = 1;
	s.evidence.ratio = 1000;
	const struct level_score l = incident_level_score(&s);
	assert_true(l.total == l.size + l.ratio + l.negative + l.severity);
	assert_true(l.total == 100);
	s = (struct situation){ .series = "all", .category = "" };
	assert_true(incident_level_score(&s).total == 0);
}

static void calm_resolves_what_nobody_touched(void **state)
{
	(void)state;
	struct step step;
	struct incident i = opened(NOW, 5);
	struct situation s = situation(NOW + 2 * MS_PER_HOUR, 0);
	i = tick(i, &s, &step);
	assert_false(step.moved);
	s = situation(NOW + 4 * MS_PER_HOUR, 0);
	i = tick(i, &s, &step);
	assert_int_equal(step.event, EVT_CALM);
	assert_int_equal(i.state, INC_RESOLVED);
	assert_int_equal(i.closed_ms, s.now_ms);
	assert_true(step.tell);
}

static void calm_where_people_work_goes_to_monitoring_first(void **state)
{
	(void)state;
	struct step step;
	struct incident i = opened(NOW, 5);
	assert_int_equal(wish(&i, EVT_RESPOND, ""), OK);
	struct situation s = situation(NOW + 10 * MS_PER_HOUR, 0);
	i = tick(i, &s, &step);
	assert_int_equal(i.state, INC_MONITORING);
	assert_int_equal(i.closed_ms, 0);
	s = situation(NOW + 11 * MS_PER_HOUR, 0);
	i = tick(i, &s, &step);
	assert_int_equal(i.state, INC_MONITORING);
	s = situation(NOW + 14 * MS_PER_HOUR, 0);
	i = tick(i, &s, &step);
	assert_int_equal(i.state, INC_RESOLVED);
}

static void missing_data_is_not_calm(void **state)
{
	(void)state;
	struct step step;
	const struct incident i = opened(NOW, 5);
	struct situation s = situation(NOW + 9 * MS_PER_HOUR, 0);
	s.evidence.missing = true;
	assert_int_equal(tick(i, &s, &step).state, INC_DETECTED);
}

static void a_closed_incident_never_swallows_a_new_surge(void **state)
{
	(void)state;
	static const enum incident_state closed[] = { INC_RESOLVED, INC_REVIEWED, INC_FALSE_ALARM, INC_MERGED };
	for (size_t k = 0; k < sizeof closed / sizeof closed[0]; k++) {
		struct step step;
		struct incident i = opened(NOW, 5);
		i.state = closed[k];
		i.closed_ms = NOW + MS_PER_HOUR;
		i.muted_until_ms = NOW + MS_PER_DAY;
		const struct situation s = situation(NOW + 3 * MS_PER_HOUR, 8);
		const struct incident next = tick(i, &s, &step);
		assert_int_equal(step.event, EVT_SURGE);
		assert_true(step.tell); /* a mute was for the old one */
		assert_int_equal(next.state, INC_DETECTED);
		assert_string_not_equal(next.id, i.id);
		assert_int_equal(next.revision, i.revision + 1);
		assert_int_equal(next.closed_ms, 0);
	}
}

static void an_ebbing_storm_does_not_open_again_until_it_has_faded(void **state)
{
	(void)state;
	struct step step;
	const struct thresholds t = thresholds();
	struct incident i = opened(NOW, 8);
	assert_int_equal(wish(&i, EVT_CLOSE, "over"), OK);
	struct situation s = situation(NOW + 2 * MS_PER_HOUR, 7);
	(void)tick(i, &s, &step);
	assert_false(step.moved);
	s = situation(NOW + 2 * t.cooldown_ms, 7);
	(void)tick(i, &s, &step);
	assert_int_equal(step.event, EVT_SURGE);
}

static void a_mute_is_silent_but_keeps_count_and_red_breaks_it(void **state)
{
	(void)state;
	struct step step;
	struct incident i = opened(NOW, 5);
	assert_int_equal(wish(&i, EVT_MUTE, ""), OK);
	struct situation s = situation(NOW + 2 * MS_PER_HOUR, 9);
	i = tick(i, &s, &step);
	assert_true(step.moved);
	assert_false(step.tell);
	s = situation(NOW + 2 * MS_PER_HOUR + MS_PER_MINUTE, 14);
	s.posts = 900;
	s.negative = 800;
	s.evidence.ratio = 20;
	i = tick(i, &s, &step);
	assert_int_equal(i.level, LEVEL_RED);
	assert_true(step.tell);
}

static void people_take_it_through_its_stages(void **state)
{
	(void)state;
	struct incident i = opened(NOW, 5);
	static const struct {
		enum incident_event event;
		enum incident_state to;
	} road[] = { { EVT_ACK, INC_ACKNOWLEDGED }, { EVT_ASSIGN, INC_ASSIGNED }, { EVT_ASSESS, INC_ASSESSING },
		{ EVT_RESPOND, INC_RESPONDING }, { EVT_CLOSE, INC_RESOLVED }, { EVT_REVIEW, INC_REVIEWED } };
	for (size_t k = 0; k < sizeof road / sizeof road[0]; k++) {
		const int64_t revision = i.revision;
		assert_int_equal(wish(&i, road[k].event, "说明"), OK);
		assert_int_equal(i.state, road[k].to);
		assert_int_equal(i.revision, revision + 1);
		assert_string_equal(i.by, "li");
		assert_string_equal(i.note, "说明");
	}
	assert_int_equal(i.closed_ms, NOW + MS_PER_HOUR);
}

static void a_false_alarm_needs_its_reason(void **state)
{
	(void)state;
	struct incident i = opened(NOW, 5);
	assert_int_equal(wish(&i, EVT_FALSE_ALARM, " "), REJECT);
	assert_int_equal(i.state, INC_DETECTED);
	assert_int_equal(wish(&i, EVT_FALSE_ALARM, "a film of the same name"), OK);
	assert_int_equal(i.state, INC_FALSE_ALARM);
}

static void wishes_that_make_no_sense_are_refused_with_a_sentence(void **state)
{
	(void)state;
	struct incident none = { 0 }, resolved = opened(NOW, 5);
	resolved.state = INC_RESOLVED;
	assert_int_equal(wish(&none, EVT_ACK, ""), REJECT);
	assert_int_equal(wish(&none, EVT_MUTE, ""), REJECT);
	assert_int_equal(wish(&resolved, EVT_RESPOND, ""), REJECT);
	struct step step;
	struct err e;
	const struct incident i = opened(NOW, 5);
	const struct person_wish nobody = { .event = EVT_ACK, .at_ms = NOW };
	assert_int_equal(incident_wish(&i, &nobody, &step, &e), REJECT);
	assert_non_null(strstr(e.text, "--by"));
	const struct person_wish machine = { .event = EVT_SURGE, .by = STR("li"), .at_ms = NOW };
	assert_int_equal(incident_wish(&i, &machine, &step, &e), REJECT);
	const struct person_wish past = { .event = EVT_MUTE, .by = STR("li"), .at_ms = NOW, .until_ms = NOW };
	assert_int_equal(incident_wish(&i, &past, &step, &e), REJECT);
}

/* Whatever happens: revisions grow by one when it moved, never otherwise, and levels do not fall. */
static void every_state_survives_every_event(void **state)
{
	(void)state;
	const struct thresholds t = thresholds();
	for (int from = INC_NONE; from < INC__N; from++) {
		for (int score = 0; score < 20; score += 4) {
			struct incident i = opened(NOW, 5);
			i.state = (enum incident_state)from;
			const struct situation s = situation(NOW + 9 * MS_PER_HOUR, score);
			const struct step step = incident_tick(&i, &s, &t);
			assert_int_equal(step.next.revision, i.revision + (step.moved ? 1 : 0));
			assert_true(step.moved || !step.tell);
			assert_true(step.event == EVT_SURGE || step.next.level >= i.level);
		}
		for (int event = EVT_ACK; event < EVT__N; event++) {
			struct incident i = opened(NOW, 5);
			i.state = (enum incident_state)from;
			(void)wish(&i, (enum incident_event)event, "why"); /* either answer will do */
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_surge_opens_an_incident_and_tells),
		cmocka_unit_test(a_weak_score_opens_nothing),
		cmocka_unit_test(few_posts_open_nothing_however_rare),
		cmocka_unit_test(a_new_brand_needs_four_times_the_posts),
		cmocka_unit_test(the_id_depends_on_brand_series_and_onset_alone),
		cmocka_unit_test(it_speaks_again_only_a_step_above_its_peak),
		cmocka_unit_test(a_doubled_count_is_an_escalation),
		cmocka_unit_test(a_risen_level_is_an_escalation_and_never_falls),
		cmocka_unit_test(grave_complaints_lift_it_to_orange),
		cmocka_unit_test(the_level_score_is_the_sum_of_its_parts),
		cmocka_unit_test(calm_resolves_what_nobody_touched),
		cmocka_unit_test(calm_where_people_work_goes_to_monitoring_first),
		cmocka_unit_test(missing_data_is_not_calm),
		cmocka_unit_test(a_closed_incident_never_swallows_a_new_surge),
		cmocka_unit_test(an_ebbing_storm_does_not_open_again_until_it_has_faded),
		cmocka_unit_test(a_mute_is_silent_but_keeps_count_and_red_breaks_it),
		cmocka_unit_test(people_take_it_through_its_stages),
		cmocka_unit_test(a_false_alarm_needs_its_reason),
		cmocka_unit_test(wishes_that_make_no_sense_are_refused_with_a_sentence),
		cmocka_unit_test(every_state_survives_every_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
