/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the plugin share: fields of a record, each looked up by name and checked
 * against the record's size, since both come from a file.
 */
#ifndef TRACE_PLUGIN_H
#define TRACE_PLUGIN_H

#include <stdbool.h>
#include <stdint.h>

#include <event-parse.h>
#include <trace-seq.h>

struct place {
	struct tep_event *event;
	struct tep_record *record;
};

/* A number, sign-extended if the field is signed. false: the record has none. */
bool field_number(const struct place *at, const char *name, uint64_t *value);
/* The bytes of a field, a dynamic array's included. NULL: the record has none. */
const uint8_t *field_bytes(const struct place *at, const char *name, unsigned int *n);
/* "schid=0.0.0003", by the fields that our events and s390_cio have. */
void print_subchannel(struct trace_seq *s, const struct place *at, const char *label);

/* Handlers: cio.c, own.c, program.c; 0 as libtraceevent wants it. */
int print_cio(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *what);
int print_own(struct trace_seq *s, struct tep_record *record, struct tep_event *event, void *what);
int print_program(struct trace_seq *s, struct tep_record *record, struct tep_event *event,
		  void *what);

/* Event name and what its handler gets; ended by a NULL name. */
struct handled {
	const char *name;
	const void *what;
};

extern const struct handled cio_events[], own_events[];

#endif /* TRACE_PLUGIN_H */
