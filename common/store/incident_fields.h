/* An incident as named fields: one table serves its hash, its JSON and the way back from both. */
#ifndef EARSHOT_STORE_INCIDENT_FIELDS_H
#define EARSHOT_STORE_INCIDENT_FIELDS_H

#include "common/base/json.h"
#include "common/store/redis.h"
#include <earshot/incident.h>

/* Number of fields; a hash gets this many field/value pairs. */
size_t incident_fields_count(void);
/* Appends field, value … to a command. */
void incident_fields_add(struct command *c, const struct incident *i);
/* Appends the members to an open JSON object. */
void incident_fields_write(struct buf *out, const struct incident *i);
/* From a flat field/value reply (HGETALL); absent fields are zero. */
void incident_fields_read(const struct reply *hash, struct incident *out);
/* From a JSON object; absent members are zero. */
void incident_fields_parse(const struct json *object, struct incident *out);

#endif
