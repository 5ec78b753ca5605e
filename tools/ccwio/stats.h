/* SPDX-License-Identifier: GPL-2.0 */
/* What many I/Os gave: counts, latencies, errors by kind. */
#ifndef CCWIO_STATS_H
#define CCWIO_STATS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "tools/dev/io.h"
#include "trace/ccw_stat.h"

#define STATS_KINDS	32
/* percentiles are exact up to so many I/Os, from the histogram (3 % off at most) beyond */
#define STATS_SAMPLES	(1u << 20)

struct stats {
	uint64_t ios;
	uint64_t ok;		/* ended as expected */
	uint64_t unexpected;
	uint64_t deliberate;	/* errors that were asked for */
	uint64_t timeouts;
	uint64_t irqs, unsolicited, merged, retries;
	uint64_t late;		/* started after their time, with --rate */
	uint64_t verified;	/* bytes compared */
	uint64_t begin_ns, end_ns;
	struct ccw_hist total, submit;
	uint64_t *samples;
	uint32_t sample_count;
	struct {
		char name[32];
		uint64_t count;
	} kinds[STATS_KINDS];
	unsigned int kind_count;
};

/* Counts @res; only I/Os with an interrupt enter the latencies. 0 or -ENOMEM. */
int stats_add(struct stats *s, const struct io_result *res);
/* Counts one error under @name; the last kind collects what does not fit. */
void stats_kind(struct stats *s, const char *name, uint64_t count);
int stats_merge(struct stats *to, const struct stats *from);
void stats_free(struct stats *s);

/* Latency in ns below which @percent of the I/Os lie; sorts the samples. */
uint64_t stats_percentile(struct stats *s, double percent);
double stats_rate(const struct stats *s);

void stats_print_header(FILE *f);
void stats_print(FILE *f, const char *name, struct stats *s);

struct json_doc;
struct json_object;
/* Adds an object for the subchannel @name at the end of @array. */
void stats_json(struct json_doc *doc, struct json_object *array, const char *name, struct stats *s);

#endif
