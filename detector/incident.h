/* The life of an incident: a state x event table and the conditions that make events out of evidence. Pure. */
#ifndef EARSHOT_DETECTOR_INCIDENT_H
#define EARSHOT_DETECTOR_INCIDENT_H

#include "detector/evidence.h"
#include "detector/thresholds.h"

/* What is known of a brand at a tick. */
struct situation {
	struct str brand; /* id: the incident id hangs on it */
	const char *series; /* dimension whose evidence is the strongest: "all", "negative", "complaint" */
	struct evidence evidence; /* of that series */
	double posts, negative, complaints; /* since the onset (or in the evidence window when nothing is open) */
	double severe; /* share 0…1 of complaints in grave categories: safety health food fraud privacy */
	const char *category; /* commonest complaint category, "" none */
	int64_t now_ms, known_since_ms; /* known_since_ms: first post of the brand ever counted */
};

struct person_wish {
	enum incident_event event;
	struct str by, note;
	int64_t at_ms, until_ms;
};

struct step {
	bool moved; /* state, level or announced peak changed: commit `next` */
	bool tell; /* write an outbox entry */
	enum incident_state from;
	enum incident_event event;
	struct incident next; /* revision is already one higher when moved */
};

/* A tick: evidence -> at most one transition. */
struct step incident_tick(const struct incident *now, const struct situation *s, const struct thresholds *t);
/* A person's wish; REJECT with the reason when the state does not allow it. */
enum outcome incident_wish(const struct incident *now, const struct person_wish *w, struct step *out, struct err *e) MUST_CHECK;
/* 0…100 with its parts: size, ratio, negative share, severity, sustained or not. */
struct level_score {
	double size, ratio, negative, severity, total;
};
struct level_score incident_level_score(const struct situation *s);
enum level incident_level(const struct situation *s, const struct thresholds *t);
/* Deterministic: hash of (brand, series, onset bucket). */
void incident_make_id(struct str brand, const char *series, int64_t onset_ms, char out[INCIDENT_ID_BYTES]);

#endif
