/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Any event of a source as text, by libtraceevent and its plugins. libtraceevent believes what a
 * trace says of its fields; here they are checked, and what it prints from is a copy with room
 * behind it, so that a damaged or forged recording cannot lead it astray.
 */
#ifndef TRACE_CCW_EVENT_H
#define TRACE_CCW_EVENT_H

#include <stdbool.h>

#include "trace/ccw_source.h"

struct ccw_events;
struct tep_event;

/* Belongs to the caller, uses the source. NULL: lack of memory, or ccw_source_tep() failed. */
struct ccw_events *ccw_events_new(struct ccw_source *src);
void ccw_events_free(struct ccw_events *ev);

/* What a record is. The texts are valid as long as ev. */
struct ccw_event_name {
	const char *system, *name; /* "" and "unknown": the trace does not describe it */
	int id; /* common_type */
	int pid; /* common_pid, 0 if it has none */
	const char *comm; /* name of that process, "<...>" if nobody knows it */
};

void ccw_events_name(struct ccw_events *ev, const struct ccw_raw *raw, struct ccw_event_name *name);

/*
 * The record's fields as the event prints them, without its name and a newline. Characters that
 * would disturb a terminal are replaced. Valid until the next call; never NULL.
 */
const char *ccw_events_text(struct ccw_events *ev, const struct ccw_raw *raw);

/* A field of a record. */
struct ccw_event_field {
	const char *name;
	enum { CCW_FIELD_UNSIGNED, CCW_FIELD_SIGNED, CCW_FIELD_TEXT, CCW_FIELD_BYTES } kind;
	uint64_t number; /* signed ones: as int64_t */
	const uint8_t *bytes; /* also of a text, which is not terminated */
	uint32_t len;
};

/*
 * Calls fn for each field, without those common to all events, in the order of the format. An
 * array of numbers comes as its bytes, in the byte order of the trace. What fn returns other than 0
 * ends it and is returned.
 */
int ccw_events_fields(struct ccw_events *ev, const struct ccw_raw *raw,
		      int (*fn)(void *ctx, const struct ccw_event_field *field), void *ctx);

/* The subchannel of a record: of fields cssid, ssid, schno. false: it has none. */
bool ccw_events_subchannel(struct ccw_events *ev, const struct ccw_raw *raw, struct ccw_sch *sch);

#endif /* TRACE_CCW_EVENT_H */
