/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How things were before now: a slice of time per refresh. Every subchannel has a short row of
 * numbers; those looked at last, or that came first, have histograms over time as well. Memory is
 * bounded whatever runs: TOP_SLICES * 8 bytes a subchannel, and TOP_HEATS heat maps of 60 KB.
 */
#ifndef CCWTOP_HISTORY_H
#define CCWTOP_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_stat.h"

#define TOP_SLICES 64 /* of every subchannel */
#define TOP_HEAT_SLICES 240 /* of those that have a heat map */
#define TOP_HEATS 32 /* heat maps at a time; the one not looked at for longest gives way */

/* Rows of a heat map: powers of two of ns, the first one all below, the last one all above. */
#define TOP_HEAT_LOW 10 /* the first row ends at 2^10 ns, about 1 us */
#define TOP_HEAT_ROWS 24 /* the last one begins at 2^33 ns, 8.6 s */

struct top_slice {
	float rate; /* I/Os per second; 0: none */
	uint16_t p99; /* bucket of struct ccw_hist, whole journey; 0: not measured */
	uint16_t errors; /* I/Os that failed, 65535: that many or more */
};

struct top_heat {
	uint16_t n[CCW_NR_STAGES][TOP_HEAT_ROWS]; /* I/Os, 65535: that many or more */
	/* Bits 1 << stage: had I/Os, but the source kept no histogram of that stage then. */
	uint16_t unknown;
};

struct top_history;

struct top_history *top_history_new(void); /* NULL: no memory */
void top_history_free(struct top_history *h);
void top_history_clear(struct top_history *h);

/* A slice begins that ends at time end (ns, clock of the source) and was secs long. */
void top_history_tick(struct top_history *h, uint64_t end, double secs);

/*
 * What a subchannel did in it, at most once a slice. Who did nothing need not be told of. p99 is
 * 0 if nobody measured it. st is for the heat map, NULL if nothing is known. 0 or -ENOMEM.
 */
int top_history_add(struct top_history *h, struct ccw_sch sch, double rate, uint64_t p99,
		    uint64_t errors, const struct ccw_stat *st);

/* Somebody looks at it: it shall have a heat map from now on. 0 or -ENOMEM */
int top_history_watch(struct top_history *h, struct ccw_sch sch);

/* How many slices there are to look at, at most TOP_HEAT_SLICES. */
size_t top_history_slices(const struct top_history *h);

/* The end of the i-th slice back, 0: the last one; and its length in seconds. */
uint64_t top_history_time(const struct top_history *h, size_t back, double *secs);

/*
 * The i-th slice back of a subchannel; one without I/O is all zero. false: too long ago for what is
 * kept of it.
 */
bool top_history_slice(const struct top_history *h, struct ccw_sch sch, size_t back,
		       struct top_slice *slice);

/* NULL: not kept. Valid until the next call that is not for reading. */
const struct top_heat *top_history_heat(const struct top_history *h, struct ccw_sch sch,
					size_t back);

#endif /* CCWTOP_HISTORY_H */
