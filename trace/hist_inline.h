/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adding to a histogram: five times for every I/O, where a report spends most of its time.
 * Private to the library.
 */
#ifndef TRACE_HIST_INLINE_H
#define TRACE_HIST_INLINE_H

#include <errno.h>
#include <stdlib.h>

#include "trace/ccw_stat.h"

static inline unsigned int ccw_hist_bucket_inline(uint64_t v)
{
	unsigned int shift;

	if (v >> CCW_HIST_BITS)
		return CCW_HIST_BUCKETS - 1;
	if (v < CCW_HIST_ROW)
		return v;
	shift = 63 - __builtin_clzll(v) - CCW_HIST_SUB_BITS;
	return (shift << CCW_HIST_SUB_BITS) + (v >> shift);
}

/* The counter of a bucket, NULL if there is no memory for its row. */
static inline uint32_t *ccw_hist_counter(struct ccw_hist *h, unsigned int bucket)
{
	uint32_t **row = &h->row[bucket >> CCW_HIST_SUB_BITS];

	if (__builtin_expect(!*row, 0)) {
		*row = calloc(CCW_HIST_ROW, sizeof(**row));
		if (!*row)
			return NULL;
	}
	return *row + (bucket & (CCW_HIST_ROW - 1));
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
