/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What failed, by subchannel and kind: how often, how often now, and the last one. Counts are the
 * statistics'; the last I/O of a kind is known if the source told it.
 */
#ifndef CCWTOP_FAULTS_H
#define CCWTOP_FAULTS_H

#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_stat.h"

#define TOP_FAULTS 4096 /* kinds on subchannels whose last I/O is kept */

struct top_fault {
	struct ccw_sch sch;
	enum ccw_result kind;
	uint64_t count; /* since start or clear */
	double rate; /* per second of the interval, NAN if that is unknown */
	const struct ccw_io *last; /* NULL: not told */
};

struct top_faults;

struct top_faults *top_faults_new(void); /* NULL: no memory */
void top_faults_free(struct top_faults *f);
void top_faults_clear(struct top_faults *f);

/* Keeps an I/O that failed as the last of its kind; others are passed over. 0 or -ENOMEM */
int top_faults_io(struct top_faults *f, const struct ccw_io *io);

/*
 * Makes the list anew, those that fail now first, then those that failed last. secs: length of the
 * interval, 0 if unknown. 0 or -ENOMEM
 */
int top_faults_build(struct top_faults *f, struct ccw_stats *interval, double secs,
		     struct ccw_stats *total);

size_t top_faults_count(const struct top_faults *f);
/* Valid until the next build. */
const struct top_fault *top_faults_at(const struct top_faults *f, size_t i);

#endif /* CCWTOP_FAULTS_H */
