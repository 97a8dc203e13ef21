/* A surge with a life. Policy is a state x event table (detector/incident.c); evidence says how far a series is from its
 * baseline. Incident id = hash(brand, series, onset bucket), event id = incident:revision, delivery id = event:target. */
#ifndef EARSHOT_INCIDENT_H
#define EARSHOT_INCIDENT_H

#include "common/base/str.h"

enum incident_state {
	INC_NONE, /* nothing going on */
	INC_DETECTED,
	INC_ACKNOWLEDGED,
	INC_ASSIGNED,
	INC_ASSESSING,
	INC_RESPONDING,
	INC_MONITORING,
	INC_RESOLVED,
	INC_REVIEWED,
	INC_FALSE_ALARM,
	INC_MERGED,
	INC__N
};

enum incident_event {
	EVT_SURGE, /* evidence went over the threshold */
	EVT_ESCALATE, /* it tops the last announced peak by a step, or its level rose */
	EVT_CALM, /* quiet for long enough */
	EVT_ACK,
	EVT_ASSIGN,
	EVT_ASSESS,
	EVT_RESPOND,
	EVT_FALSE_ALARM,
	EVT_MUTE,
	EVT_CLOSE,
	EVT_REVIEW, /* people's wishes */
	EVT__N
};

enum level { LEVEL_BLUE, LEVEL_YELLOW, LEVEL_ORANGE, LEVEL_RED, LEVEL__N }; /* IV…I: 蓝 黄 橙 红 */

struct evidence {
	double observed, expected; /* posts in the window */
	double low, high; /* 95 % interval of what was expected */
	double score; /* z of square-root sums, the best of the windows, over the series' noise */
	double p_value; /* one-sided, of `observed` under the baseline */
	double ratio; /* observed / expected */
	int64_t window_ms; /* the window that showed it best */
	int64_t since_ms; /* onset estimate */
	bool missing; /* sources were down: draw no conclusion of calm */
};

#define INCIDENT_ID_BYTES 33
#define INCIDENT_EXCERPTS 3

struct incident {
	char id[INCIDENT_ID_BYTES]; /* "" when INC_NONE */
	char series[32];
	enum incident_state state;
	enum level level;
	int64_t revision; /* of the brand's incident record; every transition adds one */
	int64_t onset_ms, opened_ms, changed_ms, closed_ms, muted_until_ms, last_over_ms;
	struct evidence peak; /* strongest announced */
	double posts, negative, complaints; /* since onset, as seen at the last tick */
	char category[16]; /* the commonest complaint category since onset */
	char by[64]; /* the person of the last wish */
	char note[512];
};

extern const char *const incident_state_names[INC__N];
extern const char *const incident_event_names[EVT__N];
extern const char *const level_names[LEVEL__N];

#endif
