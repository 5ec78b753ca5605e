// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/told.h"

/* Programs whose I/O did not come yet: a subchannel runs one at a time. */
#define WAITING 64

/* Between the program and the start of its journey; further away it is another open's number. */
#define NEAR_NS 1000000000ULL

struct ring {
	uint64_t total; /* ever added */
	struct top_told at[TOP_TOLDS];
};

struct top_tolds {
	struct ring ring[TOP_NR_SORTS];
	uint64_t programs; /* ever kept waiting */
	struct top_program waiting[WAITING];
};

struct top_tolds *top_tolds_new(void)
{
	return calloc(1, sizeof(struct top_tolds));
}

void top_tolds_free(struct top_tolds *t)
{
	free(t);
}

void top_tolds_clear(struct top_tolds *t)
{
	memset(t, 0, sizeof(*t));
}

static bool belongs(const struct top_program *p, const struct ccw_io *io)
{
	if (p->seq != io->seq || ccw_sch_key(p->sch) != ccw_sch_key(io->sch))
		return false;
	return p->ts <= io->ts && io->ts - p->ts <= io->ns[CCW_TOTAL] + NEAR_NS;
}

static size_t kept(const struct ring *r)
{
	return r->total < TOP_TOLDS ? r->total : TOP_TOLDS;
}

static struct top_told *back(const struct ring *r, size_t i)
{
	return (struct top_told *)&r->at[(r->total - 1 - i) % TOP_TOLDS];
}

void top_tolds_add(struct top_tolds *t, enum top_sort sort, const struct ccw_io *io)
{
	struct ring *r = &t->ring[sort];
	struct top_told *told = &r->at[r->total++ % TOP_TOLDS];
	size_t i;

	told->io = *io;
	told->known = false;
	for (i = 0; i < WAITING && i < t->programs && !told->known; i++) {
		told->known = belongs(&t->waiting[i], io);
		if (told->known)
			told->program = t->waiting[i];
	}
}

void top_tolds_program(struct top_tolds *t, const struct top_program *p)
{
	size_t i;
	int s;

	for (s = 0; s < TOP_NR_SORTS; s++) {
		for (i = 0; i < kept(&t->ring[s]); i++) {
			struct top_told *told = back(&t->ring[s], i);

			if (told->known || !belongs(p, &told->io))
				continue;
			told->known = true;
			told->program = *p;
		}
	}
	t->waiting[t->programs++ % WAITING] = *p;
}

const struct top_told *top_tolds_at(const struct top_tolds *t, enum top_sort sort,
				    struct ccw_sch sch, size_t i)
{
	const struct ring *r = &t->ring[sort];
	size_t k;

	for (k = 0; k < kept(r); k++) {
		const struct top_told *told = back(r, k);

		if (ccw_sch_key(told->io.sch) == ccw_sch_key(sch) && !i--)
			return told;
	}
	return NULL;
}
