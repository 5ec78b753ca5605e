/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the page shows, made small: the whole time in at most HTML_COLUMNS columns of equal width,
 * each with a histogram, so that a recording of any size needs the same room. Largest values and
 * errors are kept as they are: a column has its true maximum and its true number of errors, and
 * the slowest I/Os and failed ones are there one by one.
 */
#ifndef CCWTRACE_HTML_DATA_H
#define CCWTRACE_HTML_DATA_H

#include "tools/ccwtrace/report.h"

#define HTML_COLUMNS 600
#define HTML_SERIES 16 /* subchannels with plots of their own: the ones with most I/Os */
#define HTML_SLOW 1000 /* slowest I/Os, over all subchannels */
#define HTML_FAILED_COLUMN 3 /* failed I/Os that a column keeps, over all subchannels */
#define HTML_GAPS 1000 /* places where events were lost */

/* One column of one series. */
struct html_column {
	uint64_t bytes;
	uint64_t ns[CCW_NR_STAGES]; /* sums, over the I/Os that have the stage */
	uint32_t ios;
	uint32_t result[CCW_NR_RESULTS];
	struct ccw_hist total;
};

/* All subchannels together, or one. */
struct html_series {
	const struct ccw_stat *st;
	struct html_column *columns;
	struct ccw_hist ccws; /* CCWs of an I/O */
	struct ccw_hist bytes; /* bytes of an I/O */
};

struct html_gap {
	uint64_t ts, count; /* count 0: unknown */
	unsigned int cpu;
};

struct html_data {
	struct report report;
	uint64_t begin, width; /* ns: of the first column, and of each */
	unsigned int nr_columns;
	struct html_series series[1 + HTML_SERIES]; /* the first is all */
	unsigned int nr_series;
	struct ccw_io *slow; /* slowest first */
	size_t nr_slow;
	struct ccw_io *failed; /* in order of time */
	size_t nr_failed;
	uint8_t failed_in[HTML_COLUMNS];
	struct html_gap *gaps;
	size_t nr_gaps;
	uint64_t other_gaps; /* did not fit into gaps */
};

/* 0 or a negative errno with err filled. Free in either case. */
int html_gather(struct html_data *d, const char *path, const struct ccw_filter *filter,
		struct ccw_error *err);
void html_data_free(struct html_data *d);

/* As JSON that can stand within a script element. 0 or -ENOMEM. */
int html_json(struct html_data *d, FILE *out);

/* Tables that say the same without a script. 0. */
int html_tables(struct html_data *d, FILE *out);

/* Text of whatever origin within HTML: neither markup nor bytes that are not UTF-8. */
void html_text(FILE *out, const char *text);

/* The same text with what is not UTF-8 replaced, at most @len bytes with the end. Returns @buf. */
const char *html_utf8(const char *text, char *buf, size_t len);

/* Place of a subchannel among the series, 0 if it has none of its own. */
unsigned int html_series_of(const struct html_data *d, struct ccw_sch sch);

/* html_page.c: the page that the data goes into; a zero byte follows it */
extern const char html_page[];

#endif /* CCWTRACE_HTML_DATA_H */
