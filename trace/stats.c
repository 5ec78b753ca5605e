// SPDX-License-Identifier: GPL-2.0
/*
 * All subchannels of a source: found through a hash table, sorted when somebody wants to see them
 * in order. Pointers to entries stay valid.
 */
#include <stdlib.h>
#include <string.h>

#include "trace/ccw_stat.h"

#define FIRST_SLOTS 64

struct slot {
	uint32_t key;
	struct ccw_stat *st; /* NULL: free */
};

struct ccw_stats {
	size_t count, room;
	struct ccw_stat **at;
	bool sorted;
	struct slot *slots; /* at most half of them are taken */
	size_t nr_slots; /* a power of two */
};

struct ccw_stats *ccw_stats_new(void)
{
	struct ccw_stats *sts = calloc(1, sizeof(*sts));

	if (!sts)
		return NULL;
	sts->sorted = true;
	sts->nr_slots = FIRST_SLOTS;
	sts->slots = calloc(sts->nr_slots, sizeof(*sts->slots));
	if (!sts->slots) {
		free(sts);
		return NULL;
	}
	return sts;
}

void ccw_stats_free(struct ccw_stats *sts)
{
	size_t i;

	if (!sts)
		return;
	for (i = 0; i < sts->count; i++) {
		ccw_stat_free(sts->at[i]);
		free(sts->at[i]);
	}
	free(sts->at);
	free(sts->slots);
	free(sts);
}

/* Where key is or belongs. Numbers of subchannels are dense: they get neighbouring slots. */
static size_t slot_of(const struct slot *slots, size_t nr, uint32_t key)
{
	size_t i = (key + (key >> 16) * 0x9e37U) & (nr - 1);

	while (slots[i].st && slots[i].key != key)
		i = (i + 1) & (nr - 1);
	return i;
}

struct ccw_stat *ccw_stats_find(const struct ccw_stats *sts, struct ccw_sch sch)
{
	return sts->slots[slot_of(sts->slots, sts->nr_slots, ccw_sch_key(sch))].st;
}

static bool more_slots(struct ccw_stats *sts)
{
	size_t nr = 2 * sts->nr_slots, i;
	struct slot *slots = calloc(nr, sizeof(*slots));

	if (!slots)
		return false;
	for (i = 0; i < sts->nr_slots; i++) {
		const struct slot *s = &sts->slots[i];

		if (s->st)
			slots[slot_of(slots, nr, s->key)] = *s;
	}
	free(sts->slots);
	sts->slots = slots;
	sts->nr_slots = nr;
	return true;
}

static bool more_room(struct ccw_stats *sts)
{
	size_t room = sts->room ? 2 * sts->room : 16;
	struct ccw_stat **at = realloc(sts->at, room * sizeof(*at));

	if (!at)
		return false;
	sts->at = at;
	sts->room = room;
	return true;
}

struct ccw_stat *ccw_stats_get(struct ccw_stats *sts, struct ccw_sch sch)
{
	uint32_t key = ccw_sch_key(sch);
	struct ccw_stat *st = ccw_stats_find(sts, sch);

	if (st)
		return st;
	if (sts->count == sts->room && !more_room(sts))
		return NULL;
	if (2 * (sts->count + 1) > sts->nr_slots && !more_slots(sts))
		return NULL;
	st = calloc(1, sizeof(*st));
	if (!st)
		return NULL;
	st->sch = sch;
	st->state = 0xff;
	if (sts->count && ccw_sch_key(sts->at[sts->count - 1]->sch) > key)
		sts->sorted = false;
	sts->at[sts->count++] = st;
	sts->slots[slot_of(sts->slots, sts->nr_slots, key)] = (struct slot){ key, st };
	return st;
}

size_t ccw_stats_count(const struct ccw_stats *sts)
{
	return sts->count;
}

static int by_key(const void *a, const void *b)
{
	uint32_t x = ccw_sch_key((*(struct ccw_stat *const *)a)->sch);
	uint32_t y = ccw_sch_key((*(struct ccw_stat *const *)b)->sch);

	return x < y ? -1 : x > y;
}

struct ccw_stat *ccw_stats_at(struct ccw_stats *sts, size_t i)
{
	if (!sts->sorted)
		qsort(sts->at, sts->count, sizeof(*sts->at), by_key);
	sts->sorted = true;
	return i < sts->count ? sts->at[i] : NULL;
}
