// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/history.h"

/* A heat map, lent to one subchannel. */
struct heats {
	uint32_t key;
	uint64_t first; /* number of the slice that it begins with */
	uint64_t last; /* of the last one written */
	uint64_t looked; /* when somebody looked at it: a counter of such looks, 0: nobody */
	struct top_heat at[TOP_HEAT_SLICES];
};

struct row {
	uint32_t key;
	uint64_t first, last; /* numbers of slices: since when it is known, the last one written */
	struct heats *heats; /* NULL: has none */
	struct top_slice at[TOP_SLICES];
};

struct top_history {
	struct row **table; /* open addressing, a power of two */
	size_t size, used;
	struct heats *heats[TOP_HEATS];
	uint64_t now; /* number of the present slice, from 1; 0: none yet */
	uint64_t looks;
	uint64_t end[TOP_HEAT_SLICES];
	float secs[TOP_HEAT_SLICES];
};

struct top_history *top_history_new(void)
{
	return calloc(1, sizeof(struct top_history));
}

void top_history_clear(struct top_history *h)
{
	size_t i;

	for (i = 0; i < h->size; i++)
		free(h->table[i]);
	free(h->table);
	for (i = 0; i < TOP_HEATS; i++)
		free(h->heats[i]);
	memset(h, 0, sizeof(*h));
}

void top_history_free(struct top_history *h)
{
	if (h)
		top_history_clear(h);
	free(h);
}

static struct row **place(struct row **table, size_t size, uint32_t key)
{
	size_t i = key * 0x9e3779b1U & (size - 1);

	while (table[i] && table[i]->key != key)
		i = (i + 1) & (size - 1);
	return &table[i];
}

static int grow(struct top_history *h)
{
	size_t size = h->size ? 2 * h->size : 64, i;
	struct row **table = calloc(size, sizeof(struct row *));

	if (!table)
		return -ENOMEM;
	for (i = 0; i < h->size; i++) {
		if (h->table[i])
			*place(table, size, h->table[i]->key) = h->table[i];
	}
	free(h->table);
	h->table = table;
	h->size = size;
	return 0;
}

static struct row *find(const struct top_history *h, struct ccw_sch sch)
{
	return h->size ? *place(h->table, h->size, ccw_sch_key(sch)) : NULL;
}

static struct row *get(struct top_history *h, struct ccw_sch sch)
{
	struct row **at;

	if (2 * (h->used + 1) > h->size && grow(h))
		return NULL;
	at = place(h->table, h->size, ccw_sch_key(sch));
	if (!*at) {
		*at = calloc(1, sizeof(struct row));
		if (!*at)
			return NULL;
		(*at)->key = ccw_sch_key(sch);
		/* It did nothing before, else it would have been told of. */
		(*at)->first = (*at)->last = 0;
		h->used++;
	}
	return *at;
}

/* A heat map nobody has; else that of who was not looked at for longest, if it is worth that. */
static struct heats *lend(struct top_history *h, struct row *r, bool looked)
{
	struct heats *found = NULL;
	size_t i;

	for (i = 0; i < TOP_HEATS; i++) {
		if (!h->heats[i]) {
			h->heats[i] = calloc(1, sizeof(struct heats));
			found = h->heats[i];
			break;
		}
		if (!found || h->heats[i]->looked < found->looked)
			found = h->heats[i];
	}
	if (!found || (i == TOP_HEATS && !looked))
		return NULL;
	if (i == TOP_HEATS)
		(*place(h->table, h->size, found->key))->heats = NULL;
	memset(found, 0, sizeof(*found));
	found->key = r->key;
	/* Without I/O before, what was before is known: nothing. */
	found->first = r->last ? h->now + 1 : 0;
	r->heats = found;
	return found;
}

void top_history_tick(struct top_history *h, uint64_t end, double secs)
{
	h->now++;
	h->end[h->now % TOP_HEAT_SLICES] = end;
	h->secs[h->now % TOP_HEAT_SLICES] = secs;
}

/* Slices between the last one written and now were without I/O. */
static void skip_to(uint64_t *last, uint64_t now, void *ring, size_t one, size_t count)
{
	uint64_t from = *last + 1, i;

	if (now - *last > count)
		from = now - count + 1;
	for (i = from; i <= now; i++)
		memset((char *)ring + i % count * one, 0, one);
	*last = now;
}

static void warm(struct top_heat *heat, const struct ccw_stat *st)
{
	int s, power;

	for (s = 0; s < CCW_NR_STAGES; s++) {
		if (!st->hist[s].count) {
			heat->unknown |= st->have & 1U << s && st->hist[s].sum ? 1U << s : 0;
			continue;
		}
		for (power = 0; power < CCW_HIST_BITS; power++) {
			uint64_t n = ccw_hist_power(&st->hist[s], power);
			int row = power - TOP_HEAT_LOW + 1;

			row = row < 0 ? 0 : row >= TOP_HEAT_ROWS ? TOP_HEAT_ROWS - 1 : row;
			n += heat->n[s][row];
			heat->n[s][row] = n < UINT16_MAX ? n : UINT16_MAX;
		}
	}
}

int top_history_add(struct top_history *h, struct ccw_sch sch, double rate, uint64_t p99,
		    uint64_t errors, const struct ccw_stat *st)
{
	struct row *r = get(h, sch);
	struct top_slice *slice;

	if (!r)
		return -ENOMEM;
	if (!r->heats)
		lend(h, r, false);
	skip_to(&r->last, h->now, r->at, sizeof(r->at[0]), TOP_SLICES);
	slice = &r->at[h->now % TOP_SLICES];
	slice->rate = isnan(rate) ? 0 : rate;
	slice->p99 = ccw_hist_bucket(p99);
	slice->errors = errors < UINT16_MAX ? errors : UINT16_MAX;
	if (r->heats && r->heats->first <= h->now) {
		skip_to(&r->heats->last, h->now, r->heats->at, sizeof(r->heats->at[0]),
			TOP_HEAT_SLICES);
		if (st)
			warm(&r->heats->at[h->now % TOP_HEAT_SLICES], st);
	}
	return 0;
}

int top_history_watch(struct top_history *h, struct ccw_sch sch)
{
	struct row *r = get(h, sch);

	if (!r || (!r->heats && !lend(h, r, true)))
		return -ENOMEM;
	r->heats->looked = ++h->looks;
	return 0;
}

size_t top_history_slices(const struct top_history *h)
{
	return h->now < TOP_HEAT_SLICES ? h->now : TOP_HEAT_SLICES;
}

uint64_t top_history_time(const struct top_history *h, size_t back, double *secs)
{
	if (back >= top_history_slices(h)) {
		*secs = 0;
		return 0;
	}
	*secs = h->secs[(h->now - back) % TOP_HEAT_SLICES];
	return h->end[(h->now - back) % TOP_HEAT_SLICES];
}

bool top_history_slice(const struct top_history *h, struct ccw_sch sch, size_t back,
		       struct top_slice *slice)
{
	const struct row *r = find(h, sch);
	uint64_t at = h->now - back;

	*slice = (struct top_slice){ 0 };
	if (back >= top_history_slices(h) || back >= TOP_SLICES)
		return false;
	if (r && at <= r->last && r->last - at < TOP_SLICES)
		*slice = r->at[at % TOP_SLICES];
	return true;
}

const struct top_heat *top_history_heat(const struct top_history *h, struct ccw_sch sch,
					size_t back)
{
	static const struct top_heat cold;
	const struct row *r = find(h, sch);
	uint64_t at = h->now - back;

	if (back >= top_history_slices(h))
		return NULL;
	if (!r)
		return &cold;
	if (!r->heats || at < r->heats->first)
		return NULL;
	if (at > r->heats->last || r->heats->last - at >= TOP_HEAT_SLICES)
		return &cold;
	return &r->heats->at[at % TOP_HEAT_SLICES];
}
