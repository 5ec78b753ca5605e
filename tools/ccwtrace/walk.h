/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Going through a recording record by record, with the choices that show and export offer.
 */
#ifndef CCWTRACE_WALK_H
#define CCWTRACE_WALK_H

#include "trace/ccw_event.h"
#include "trace/ccw_filter.h"
#include "trace/ccw_select.h"
#include "trace/ccw_source.h"

#define WALK_MAX_EVENTS 32

struct walk {
	const char *path;
	const struct ccw_filter *filter; /* NULL: every subchannel, and events without one */
	const char *events[WALK_MAX_EVENTS]; /* patterns of the shell: "NAME" or "SYSTEM:NAME" */
	unsigned int nr_events; /* 0: all */
	struct ccw_select *select; /* NULL: all; events only by their time */
	uint64_t count; /* records to hand out, 0: all */

	/* known while it goes on */
	struct ccw_source *source;
	struct ccw_events *names; /* NULL without event() */
	uint64_t first, last; /* times of the recording's first and last record */
	bool stopped; /* before its end, by count */
	struct ccw_source_info info; /* at its end */
};

/* What is handed out, in order of time. Negative: ends it and is returned. */
struct walk_ops {
	int (*open)(void *ctx); /* the source is open. May be NULL */
	void (*begin)(void *ctx); /* the recording is open, nothing was handed out. May be NULL */
	int (*io)(void *ctx, const struct ccw_io *io);
	int (*fsm)(void *ctx, const struct ccw_fsm *fsm);
	int (*event)(void *ctx, const struct ccw_raw *raw, const struct ccw_event_name *name);
	/* count 0: nobody knows how many */
	int (*lost)(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count);
};

/* 0 or a negative errno with err filled. */
int walk(struct walk *w, const struct walk_ops *ops, void *ctx, struct ccw_error *err);

/* Adds "a,b:c" to events: 0 or -E2BIG. The text must stay. Separates it in place. */
int walk_add_events(struct walk *w, char *list);

#endif /* CCWTRACE_WALK_H */
