/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The detailed events of single I/Os: what happened between their beginning and their end, and
 * their channel programs if vfio_ccw_ccw was recorded.
 */
#ifndef CCWTRACE_SLOW_DETAIL_H
#define CCWTRACE_SLOW_DETAIL_H

#include "tools/ccwtrace/reader.h"

#define DETAIL_EVENTS 64 /* kept of one I/O */
#define DETAIL_TEXT 200

struct detail_event {
	uint64_t ts;
	unsigned int cpu;
	char name[40];
	char text[DETAIL_TEXT];
};

struct slow_io {
	struct ccw_io io;
	struct detail_event *events; /* in order of time */
	size_t nr_events, more; /* more: did not fit */
};

/*
 * Reads the recording again and gives each of the n I/Os its events. EXIT_FINE, or EXIT_ERROR told
 * to stderr. The events are freed by the caller.
 */
int detail_read(struct slow_io *ios, size_t n, const struct reader *r, bool joined);

#endif /* CCWTRACE_SLOW_DETAIL_H */
