/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adding to a histogram: five times for every I/O, where a report spends most of its time.
 * Private to the library.
 */
#ifndef TRACE_HIST_INLINE_H
#define TRACE_HIST_INLINE_H

#include <errno.h>
#include <stdbool.h>

#include "trace/ccw_stat.h"

/* Without a branch but for values beyond the last bucket: below 32 the shift is 0. */
static inline unsigned int ccw_hist_bucket_inline(uint64_t v)
{
	unsigned int shift;

	if (__builtin_expect(v >> CCW_HIST_BITS, 0))
		return CCW_HIST_BUCKETS - 1;
	shift = 63 - CCW_HIST_SUB_BITS - __builtin_clzll(v | CCW_HIST_ROW);
	return (shift << CCW_HIST_SUB_BITS) + (v >> shift);
}

/*
 * Adds what a row of counters, kept elsewhere, has more than it had before; before NULL: all of it.
 * Differences are those of 32 bits, which may have wrapped. count, min and max follow, as far as
 * buckets tell; sum is the caller's. 0 or -ENOMEM
 */
int ccw_hist_add_counters(struct ccw_hist *h, unsigned int row, const uint32_t *now,
			  const uint32_t *before);

/* Gives a row its counters. false: no memory */
bool ccw_hist_add_row(struct ccw_hist *h, unsigned int row);

/* The counter of a bucket, NULL if there is no memory for its row. */
static inline uint32_t *ccw_hist_counter(struct ccw_hist *h, unsigned int bucket)
{
	unsigned int row = bucket >> CCW_HIST_SUB_BITS;

	if (__builtin_expect(!h->at[row], 0) && !ccw_hist_add_row(h, row))
		return NULL;
	return &h->rows[h->at[row] - 1][bucket & (CCW_HIST_ROW - 1)];
}

static inline int ccw_hist_add_inline(struct ccw_hist *h, uint64_t v)
{
	uint32_t *c = ccw_hist_counter(h, ccw_hist_bucket_inline(v));

	if (__builtin_expect(!c, 0))
		return -ENOMEM;
	*c += *c != UINT32_MAX;
	if (v < h->min || !h->count)
		h->min = v;
	if (v > h->max)
		h->max = v;
	h->sum += v;
	h->count++;
	return 0;
}

#endif /* TRACE_HIST_INLINE_H */
