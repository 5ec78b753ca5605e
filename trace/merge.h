/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Several CPUs' rings as one sequence in order of time. Private to the library.
 */
#ifndef TRACE_MERGE_H
#define TRACE_MERGE_H

#include "trace/ccw_source.h"
#include "trace/decode.h"
#include "trace/ring.h"

struct ccw_join;

struct ccw_stream {
	struct ccw_ring ring;
	unsigned int cpu;
	unsigned int rank; /* order among equal times */
	bool ready; /* the ring stands on a record that was not handed out */
	uint64_t records; /* passed, of any kind */
	bool lost_unknown; /* it has gaps whose size the kernel did not say */
	uint64_t lost; /* sum of the others */
};

struct ccw_merge {
	struct ccw_stream **heap; /* ready streams, the earliest first */
	unsigned int ready;
	const struct ccw_decoder *decoder;
	struct ccw_join *join; /* makes I/Os of stock events; NULL: they are not wanted */
	uint64_t records; /* handed to the sink */
	uint64_t lost; /* sum of the known gaps */
	bool lost_unknown; /* and gaps of unknown size */
	uint64_t short_records; /* shorter than their format says, skipped */
};

/* heap: room for as many streams as will be added */
void ccw_merge_init(struct ccw_merge *m, const struct ccw_decoder *d, struct ccw_stream **heap);

/* Joins a stream that has pages and is not in yet; without a record left it stays out. */
void ccw_merge_add(struct ccw_merge *m, struct ccw_stream *s);

/*
 * Hands out records up to time limit, at most max of them (0: all). 1: stopped there; 0: all
 * streams are at their end; else what the sink returned.
 */
int ccw_merge_run(struct ccw_merge *m, const struct ccw_sink *sink, uint64_t limit, size_t max);

static inline bool ccw_stream_before(const struct ccw_stream *a, const struct ccw_stream *b)
{
	if (a->ring.ts != b->ring.ts)
		return a->ring.ts < b->ring.ts;
	return a->rank < b->rank;
}

/*
 * Takes the current record of s and those after it, as long as they come before the current one of
 * next (NULL: there is none); s->ready is false when s has no more. 0, or what ends the merge.
 */
typedef int ccw_bunch_fn(void *ctx, struct ccw_stream *s, const struct ccw_stream *next);

/* All records, by fn, in the same order. 0, or what fn returned. */
int ccw_merge_bunches(struct ccw_merge *m, ccw_bunch_fn *fn, void *ctx);

/* Tells the sink of a gap after which no record came. */
int ccw_merge_tail(struct ccw_merge *m, struct ccw_stream *s, const struct ccw_sink *sink);

#endif /* TRACE_MERGE_H */
