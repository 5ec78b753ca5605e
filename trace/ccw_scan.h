/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The statistics of a whole recording, by as many threads as there are CPUs. The result is the
 * same bytes whatever their number.
 */
#ifndef TRACE_CCW_SCAN_H
#define TRACE_CCW_SCAN_H

#include "trace/ccw_filter.h"
#include "trace/ccw_select.h"
#include "trace/ccw_source.h"
#include "trace/ccw_stat.h"

#define CCW_SCAN_THREADS 16
/* Different errors kept apart; beyond that something is so broken that a count will do. */
#define CCW_SCAN_ERRORS 1024
/* Places of losses kept; their sums are complete in any case. */
#define CCW_SCAN_MARKS 65536

/* I/Os of one subchannel that failed alike: result, command, status, first sense bytes. */
struct ccw_scan_error {
	struct ccw_io io; /* the last of them */
	uint64_t first_ts;
	uint64_t count;
};

struct ccw_scan_loss {
	unsigned int cpu;
	uint64_t count; /* known ones */
	bool unknown; /* and gaps whose size nobody knows */
};

/* Records of a CPU are missing before ts; count 0: a number that is not known here. */
struct ccw_scan_mark {
	uint64_t ts, count;
	unsigned int cpu;
};

struct ccw_scan {
	/* What is wanted: set before */
	const struct ccw_filter *filter; /* NULL: every subchannel */
	const struct ccw_select *select; /* NULL: every I/O */
	unsigned int threads; /* 0: one for each CPU, at most CCW_SCAN_THREADS */

	/* What was found */
	struct ccw_stats *stats;
	struct ccw_stat *all; /* all subchannels together */
	uint64_t transitions; /* vfio_ccw_fsm records */
	struct ccw_scan_error *errors; /* by subchannel, the most frequent first */
	size_t nr_errors;
	uint64_t other_errors; /* I/Os whose kind did not fit into errors */
	struct ccw_scan_loss *losses; /* by CPU */
	size_t nr_losses;
	struct ccw_scan_mark *marks; /* in order of time */
	size_t nr_marks;
};

/*
 * Reads src, of which nothing was read before, to its end. 0, or a negative errno with err filled.
 * ccw_source_info() tells about the whole afterwards. Free in either case.
 */
int ccw_scan_run(struct ccw_scan *scan, struct ccw_source *src, struct ccw_error *err);
void ccw_scan_free(struct ccw_scan *scan);

#endif /* TRACE_CCW_SCAN_H */
