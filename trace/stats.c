// SPDX-License-Identifier: GPL-2.0
/*
 * All subchannels of a source: an array sorted by key. There are tens of subchannels and millions
 * of I/Os, so lookup counts and insertion does not; pointers to entries stay valid.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/ccw_stat.h"

#define RECENT 64

struct ccw_stats {
	size_t count, room;
	struct ccw_stat **at;
	struct ccw_stat *recent[RECENT]; /* the last one found, by recent_slot() */
};

/* Device numbers and subchannel sets are small and dense: these rarely meet. */
static inline unsigned int recent_slot(uint32_t key)
{
	return (key + (key >> 12)) % RECENT;
}

struct ccw_stats *ccw_stats_new(void)
{
	return calloc(1, sizeof(struct ccw_stats));
}

void ccw_stats_free(struct ccw_stats *sts)
{
	size_t i;
	int s;

	if (!sts)
		return;
	for (i = 0; i < sts->count; i++) {
		for (s = 0; s < CCW_NR_STAGES; s++)
			ccw_hist_free(&sts->at[i]->hist[s]);
		free(sts->at[i]);
	}
	free(sts->at);
	free(sts);
}

/* Index of the entry with key, or of the place where it belongs. */
static size_t lower_bound(const struct ccw_stats *sts, uint32_t key)
{
	size_t lo = 0, hi = sts->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ccw_sch_key(sts->at[mid]->sch) < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct ccw_stat *ccw_stats_find(const struct ccw_stats *sts, struct ccw_sch sch)
{
	uint32_t key = ccw_sch_key(sch);
	struct ccw_stat *st;
	size_t i;

	st = sts->recent[recent_slot(key)];
	if (st && ccw_sch_key(st->sch) == key)
		return st;
	i = lower_bound(sts, key);
	if (i < sts->count && ccw_sch_key(sts->at[i]->sch) == key)
		return sts->at[i];
	return NULL;
}

struct ccw_stat *ccw_stats_get(struct ccw_stats *sts, struct ccw_sch sch)
{
	struct ccw_stat *st = ccw_stats_find(sts, sch);
	size_t i;

	if (st) {
		sts->recent[recent_slot(ccw_sch_key(sch))] = st;
		return st;
	}
	if (sts->count == sts->room) {
		size_t room = sts->room ? 2 * sts->room : 16;
		struct ccw_stat **at = realloc(sts->at, room * sizeof(*at));

		if (!at)
			return NULL;
		sts->at = at;
		sts->room = room;
	}
	st = calloc(1, sizeof(*st));
	if (!st)
		return NULL;
	st->sch = sch;
	st->state = 0xff;
	i = lower_bound(sts, ccw_sch_key(sch));
	memmove(sts->at + i + 1, sts->at + i, (sts->count - i) * sizeof(*sts->at));
	sts->at[i] = st;
	sts->count++;
	sts->recent[recent_slot(ccw_sch_key(sch))] = st;
	return st;
}

size_t ccw_stats_count(const struct ccw_stats *sts)
{
	return sts->count;
}

struct ccw_stat *ccw_stats_at(struct ccw_stats *sts, size_t i)
{
	return i < sts->count ? sts->at[i] : NULL;
}
