/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What ccwtrace report gathers, and the forms in which it is shown. Whole numbers, or divisions
 * that IEEE 754 defines to the last bit: every machine prints the same bytes for the same file.
 */
#ifndef CCWTRACE_REPORT_H
#define CCWTRACE_REPORT_H

#include <stdio.h>

#include "trace/ccw_scan.h"

struct report {
	const char *path;
	struct ccw_scan scan; /* filter, select and threads are the caller's */
	struct ccw_select *select; /* may be NULL */
	struct ccw_source_info info;
	uint64_t first; /* time of the first record */
	uint64_t duration; /* ns from the first record to the last, of all subchannels */
	bool verbose;
	bool total; /* csv and json have all subchannels together as well */
};

/* 0 or a negative errno with err filled. Free in either case. */
int report_gather(struct report *r, struct ccw_error *err);
void report_free(struct report *r);

/* 0, or -ENOMEM with nothing printed. Errors of @f stay in @f. */
int report_text(const struct report *r, FILE *f);
int report_stat_text(const struct report *r, FILE *f); /* without the errors */
int report_csv(const struct report *r, FILE *f);
int report_json(const struct report *r, FILE *f);

void report_head(const struct report *r, FILE *f); /* what file, how much, what to know of it */
/* Seconds from the beginning of the recording: "12.345678901" */
const char *report_time(const struct report *r, uint64_t ts, char buf[32]);
const char *report_grouped(uint64_t n, char buf[32]); /* "1,234,567" */

/*
 * Tables are about 100 columns wide. On a terminal of fewer they leave out what can be spared;
 * what goes to a file or a pipe is the same everywhere.
 */
bool report_narrow(FILE *f);

/* I/Os a second etc.: n over the duration; 0 if that is 0 */
double report_rate(const struct report *r, uint64_t n);

#endif /* CCWTRACE_REPORT_H */
