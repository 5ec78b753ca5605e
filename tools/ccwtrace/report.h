/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ccwtrace report gathers, and the forms in which it is shown. Whole numbers, or divisions
 * that IEEE 754 defines to the last bit: every machine prints the same bytes for the same file.
 */
#ifndef CCWTRACE_REPORT_H
#define CCWTRACE_REPORT_H

#include <stdio.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_source.h"
#include "trace/ccw_stat.h"

/* I/Os of one subchannel that failed alike: result, command, status, first sense bytes. */
struct report_error {
	struct ccw_io io; /* the last of them */
	uint64_t count;
};

struct report_loss {
	unsigned int cpu;
	uint64_t count; /* known ones */
	bool unknown; /* and gaps whose size nobody knows */
};

struct report {
	const char *path;
	const struct ccw_filter *filter;
	struct ccw_source_info info;
	uint64_t duration; /* ns from the first record to the last, of all subchannels */
	struct ccw_stats *stats;
	struct ccw_stat *all; /* all subchannels together */
	uint64_t transitions; /* vfio_ccw_fsm records */
	struct report_error *errors; /* by subchannel, the most frequent first */
	size_t nr_errors;
	uint64_t other_errors; /* did not fit into errors */
	struct report_loss *losses; /* by CPU */
	size_t nr_losses;
	bool verbose;
};

/* 0 or a negative errno with err filled. Free in either case. */
int report_gather(struct report *r, struct ccw_error *err);
void report_free(struct report *r);

/* 0, or -ENOMEM with nothing printed. Errors of @f stay in @f. */
int report_text(const struct report *r, FILE *f);
int report_csv(const struct report *r, FILE *f);
int report_json(const struct report *r, FILE *f);

/* I/Os a second etc.: n over the duration; 0 if that is 0 */
double report_rate(const struct report *r, uint64_t n);

#endif /* CCWTRACE_REPORT_H */
