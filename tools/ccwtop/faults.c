// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/faults.h"

struct top_faults {
	/* The last ones, sorted by subchannel and kind. They stay where they are. */
	struct ccw_io **last;
	size_t nr, room;
	struct top_fault *list;
	size_t count, list_room;
};

struct top_faults *top_faults_new(void)
{
	return calloc(1, sizeof(struct top_faults));
}

void top_faults_clear(struct top_faults *f)
{
	while (f->nr)
		free(f->last[--f->nr]);
	f->count = 0;
}

void top_faults_free(struct top_faults *f)
{
	if (!f)
		return;
	top_faults_clear(f);
	free(f->last);
	free(f->list);
	free(f);
}

static uint64_t order(struct ccw_sch sch, enum ccw_result kind)
{
	return (uint64_t)ccw_sch_key(sch) * CCW_NR_RESULTS + kind;
}

static uint64_t order_of(const struct ccw_io *io)
{
	return order(io->sch, ccw_io_result(io));
}

/* NULL: at is where it would be */
static struct ccw_io *find(const struct top_faults *f, struct ccw_sch sch, enum ccw_result kind,
			   size_t *at)
{
	uint64_t key = order(sch, kind);
	size_t lo = 0, hi = f->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (order_of(f->last[mid]) < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	*at = lo;
	return lo < f->nr && order_of(f->last[lo]) == key ? f->last[lo] : NULL;
}

int top_faults_io(struct top_faults *f, const struct ccw_io *io)
{
	enum ccw_result kind = ccw_io_result(io);
	struct ccw_io *last;
	size_t at;

	if (kind == CCW_OK)
		return 0;
	last = find(f, io->sch, kind, &at);
	if (!last) {
		if (f->nr == TOP_FAULTS)
			return 0;
		if (f->nr == f->room) {
			size_t room = f->room ? 2 * f->room : 16;
			struct ccw_io **all = realloc(f->last, room * sizeof(*all));

			if (!all)
				return -ENOMEM;
			f->last = all;
			f->room = room;
		}
		last = malloc(sizeof(*last));
		if (!last)
			return -ENOMEM;
		memmove(f->last + at + 1, f->last + at, (f->nr - at) * sizeof(*f->last));
		f->last[at] = last;
		f->nr++;
	}
	*last = *io;
	return 0;
}

static int add(struct top_faults *f, const struct top_fault *fault)
{
	if (f->count == f->list_room) {
		size_t room = f->list_room ? 2 * f->list_room : 16;
		struct top_fault *list = realloc(f->list, room * sizeof(*list));

		if (!list)
			return -ENOMEM;
		f->list = list;
		f->list_room = room;
	}
	f->list[f->count++] = *fault;
	return 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct top_fault *x = a, *y = b;
	uint64_t s = x->last ? x->last->ts : 0, t = y->last ? y->last->ts : 0;

	if ((x->rate > 0) != (y->rate > 0))
		return x->rate > 0 ? -1 : 1;
	if (x->rate > 0 && x->rate != y->rate)
		return x->rate > y->rate ? -1 : 1;
	if (s != t)
		return s > t ? -1 : 1;
	return order(x->sch, x->kind) < order(y->sch, y->kind) ? -1 : 1;
}

int top_faults_build(struct top_faults *f, struct ccw_stats *interval, double secs,
		     struct ccw_stats *total)
{
	size_t i, at, n = ccw_stats_count(total);
	int kind, rc;

	f->count = 0;
	for (i = 0; i < n; i++) {
		const struct ccw_stat *st = ccw_stats_at(total, i), *now;

		if (st->ios == st->result[CCW_OK])
			continue;
		now = ccw_stats_find(interval, st->sch);
		for (kind = CCW_OK + 1; kind < CCW_NR_RESULTS; kind++) {
			struct top_fault fault = {
				.sch = st->sch, .kind = kind, .count = st->result[kind],
				.last = find(f, st->sch, kind, &at),
				.rate = secs > 0 ? (now ? now->result[kind] : 0) / secs : NAN,
			};

			if (!fault.count)
				continue;
			rc = add(f, &fault);
			if (rc)
				return rc;
		}
	}
	if (f->count)
		qsort(f->list, f->count, sizeof(*f->list), newest_first);
	return 0;
}

size_t top_faults_count(const struct top_faults *f)
{
	return f->count;
}

const struct top_fault *top_faults_at(const struct top_faults *f, size_t i)
{
	return i < f->count ? &f->list[i] : NULL;
}
