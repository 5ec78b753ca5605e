/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What timelines need to know of a subchannel between its I/Os.
 */
#ifndef CCWTRACE_TRACKS_H
#define CCWTRACE_TRACKS_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/ccw_io.h"

struct track {
	uint32_t key; /* ccw_sch_key() */
	uint64_t end; /* of its last I/O */
};

struct tracks {
	struct track *list; /* by key */
	size_t nr, room;
};

/* *is_new: it was not there before. NULL: no memory. Valid until the next call. */
struct track *tracks_get(struct tracks *t, struct ccw_sch sch, bool *is_new);
void tracks_free(struct tracks *t);

/*
 * Where the stages of an I/O lie: at[i] is the begin of stage i, at[CCW_TOTAL] the end. Stages that
 * are not known have no length. An I/O begins no earlier than the one before it ended: records are
 * stamped after the fact, on two CPUs.
 */
void tracks_place(struct track *t, const struct ccw_io *io, uint64_t at[CCW_NR_STAGES]);

#endif /* CCWTRACE_TRACKS_H */
