/* One message about one incident revision: everything a channel needs to render it, as stored in the outbox (JSON by
 * alert_write / alert_parse in common/store/outbox.h). Rendering is a pure function of this. */
#ifndef EARSHOT_ALERT_H
#define EARSHOT_ALERT_H

#include <earshot/incident.h>

struct excerpt {
	struct str post_id, title, text, url, family, lang;
	double sentiment;
	int64_t posted_ms;
};

/* Whether the posts behind an alert look organic or coordinated (docs/integrity.md), by the newest of them. */
struct alert_integrity {
	struct str word; /* organic, unclear, coordinated; "" when there were too few to say */
	double estimate; /* 0 organic … 1 coordinated */
	int64_t posts, coordinated; /* looked at; of them with signs of coordination */
};

struct alert {
	struct str event_id; /* incident:revision */
	struct str brand, brand_name, brand_name_en;
	struct incident incident;
	enum incident_state from; /* state before the transition */
	enum incident_event event;
	double negative_share, usual_negative_share; /* 0…1; -1 unknown */
	struct alert_integrity integrity;
	struct excerpt excerpt[INCIDENT_EXCERPTS];
	size_t nexcerpts;
	struct str rulebook; /* version */
	int64_t at_ms;
	bool drill;
};

#endif
