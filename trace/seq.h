/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests whose record is missing, by their numbers. Private to the library.
 */
#ifndef TRACE_SEQ_H
#define TRACE_SEQ_H

#include "trace/ccw_stat.h"

#define CCW_SEQ_WINDOW 64

/*
 * A late record takes back the gap it left. A number that was already seen or is out of the window
 * begins a new count: the device was opened again.
 */
static inline void ccw_seq_track(struct ccw_seq *q, uint32_t seq, uint64_t *missing)
{
	uint32_t behind = q->last - seq;

	if (q->seen && seq > q->last) {
		uint32_t ahead = seq - q->last;

		*missing += ahead - 1;
		q->seen = ahead < CCW_SEQ_WINDOW ? q->seen << ahead | 1 : 1;
		q->last = seq;
	} else if (q->seen && behind < CCW_SEQ_WINDOW && !(q->seen >> behind & 1)) {
		q->seen |= 1ULL << behind;
		*missing -= seq > q->base; /* what is before the base was not counted */
	} else {
		q->last = q->base = seq;
		q->seen = 1;
	}
}

/* Numbers begin at 1 now: as if 0 had just been seen. */
static inline void ccw_seq_open(struct ccw_seq *q)
{
	*q = (struct ccw_seq){ .seen = 1 };
}

/* Whether the same numbers will have the same effect on both from here on. */
static inline bool ccw_seq_alike(const struct ccw_seq *a, const struct ccw_seq *b)
{
	return a->last == b->last && a->seen == b->seen &&
	       (a->base == b->base || (a->last - a->base >= CCW_SEQ_WINDOW &&
				       b->last - b->base >= CCW_SEQ_WINDOW));
}

#endif /* TRACE_SEQ_H */
