/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What screen and batch output have in common: what is shown, in which order, and one refresh.
 */
#ifndef CCWTOP_VIEW_H
#define CCWTOP_VIEW_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "tools/ccwtop/gather.h"
#include "tools/ccwtop/model.h"
#include "tools/ccwtop/past.h"
#include "tools/ccwtop/paths.h"
#include "tools/ccwtop/marks.h"
#include "tools/ccwtop/sieve.h"
#include "tools/ccwtop/sysfs.h"
#include "tools/ccwtop/table.h"

struct top_view {
	struct top_gather *gather;
	struct top_sysfs *sysfs; /* NULL for a recording */
	struct top_sieve sieve; /* what filter is part of */
	const struct ccw_filter *filter;
	struct top_selection columns;
	const struct top_column *sort;
	bool reverse;
	struct top_marks marks;
	bool only_marked; /* the rows that are marked come first, and only they are shown */
	size_t shown;
	double delay; /* seconds of an interval */
	uint64_t from; /* of a recording: where playing begins */
	double speed; /* of a recording: trace time by real time, 0: do not wait */
	unsigned long count; /* refreshes, 0: no limit */
	const volatile sig_atomic_t *stop; /* not 0: a signal asked to end */
	struct top_model model;
	struct top_past *past; /* NULL: nobody looks back */
	struct top_paths *paths; /* NULL: a recording */
	struct top_sch_paths *sch_paths; /* of the rows, in the order of sysfs, as last looked at */
	size_t nr_paths;
	double paths_at; /* when that was, top_now(); 0: not yet */
	struct top_tap *tap; /* NULL: a recording, or not possible */
	size_t known; /* subchannels with I/O that sysfs was asked about */
	bool incomplete; /* something beside the numbers is: a recording */
	bool whole; /* the model is about everything since start, not about an interval */
};

/* Seconds of the monotonic clock. */
double top_now(void);

/*
 * Ends the interval and makes the sorted rows of it; with whole, those of everything since start
 * or clear. The next interval begins. 0 or a negative errno with err filled.
 */
int top_view_refresh(struct top_view *v, bool whole, struct ccw_error *err);

/*
 * Looks at the channel paths again, if it is time to; of the rows only if masks. Changes go to the
 * log. 0 or -ENOMEM.
 */
int top_view_paths(struct top_view *v, bool masks);

/* Sorts the rows again, after sort, reverse, marks or only_marked changed. 0 or -ENOMEM. */
int top_view_sort(struct top_view *v);

/* How many rows are to be shown, from the first on. */
size_t top_view_shown(const struct top_view *v);

/*
 * Counts anew, only what passes the sieve, which is the view's from now on. Of a recording that is
 * everything from its begin to here. 0, or a negative errno with err filled: nothing changed.
 */
int top_view_select(struct top_view *v, struct top_sieve *sieve, struct ccw_error *err);

/* Texts; each returns buf. */
/* A time of the source: local time of day live, else from the begin of the recording. */
const char *top_view_time(const struct top_view *v, uint64_t ts, char *buf, size_t len);
const char *top_view_totals(const struct top_view *v, char *buf, size_t len);
const char *top_view_lost(const struct top_view *v, char *buf, size_t len); /* empty: nothing */
const char *top_view_clock(const struct top_view *v, char *buf, size_t len);
/* What to tell a person while no subchannel had I/O; empty once one had. */
const char *top_view_waiting(const struct top_view *v, char *buf, size_t len);

#define TOP_MIN_DELAY 0.1
#define TOP_MAX_DELAY 3600.0

#endif /* CCWTOP_VIEW_H */
