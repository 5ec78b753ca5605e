// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/exporter/store.h"
#include "trace/ccw_names.h"

const struct exp_bounds exp_total_bounds = { .first = 12, .step = 1, .count = EXP_TOTAL_BOUNDS };
const struct exp_bounds exp_stage_bounds = { .first = 10, .step = 2, .count = EXP_STAGE_BOUNDS };

struct exp_store {
	struct exp_sub **sub; /* sorted */
	size_t count, room;
};

struct exp_store *exp_store_new(void)
{
	return calloc(1, sizeof(struct exp_store));
}

void exp_store_free(struct exp_store *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->count; i++)
		free(s->sub[i]);
	free(s->sub);
	free(s);
}

size_t exp_store_count(const struct exp_store *s)
{
	return s->count;
}

struct exp_sub *exp_store_at(const struct exp_store *s, size_t i)
{
	return i < s->count ? s->sub[i] : NULL;
}

size_t exp_store_from(const struct exp_store *s, uint32_t key)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ccw_sch_key(s->sub[mid]->sch) < key)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool more_room(struct exp_store *s)
{
	size_t room = s->room ? 2 * s->room : 32;
	struct exp_sub **sub = realloc(s->sub, room * sizeof(*sub));

	if (!sub)
		return false;
	s->sub = sub;
	s->room = room;
	return true;
}

struct exp_sub *exp_store_get(struct exp_store *s, struct ccw_sch sch)
{
	uint32_t key = ccw_sch_key(sch);
	size_t i = exp_store_from(s, key);
	struct exp_sub *sub;

	if (i < s->count && ccw_sch_key(s->sub[i]->sch) == key)
		return s->sub[i];
	if (s->count == EXP_MAX_SUBS || (s->count == s->room && !more_room(s)))
		return NULL;
	sub = calloc(1, sizeof(*sub));
	if (!sub)
		return NULL;
	sub->sch = sch;
	sub->state = 0xff;
	ccw_sch_str(sch, sub->name, sizeof(sub->name));
	sub->name_len = strlen(sub->name);
	memmove(s->sub + i + 1, s->sub + i, (s->count - i) * sizeof(*s->sub));
	s->sub[i] = sub;
	s->count++;
	return sub;
}

/* Row r of a histogram ends below 2^(r + CCW_HIST_SUB_BITS). */
static void add_rows(uint64_t *bucket, const struct exp_bounds *b, const struct ccw_hist *h)
{
	unsigned int row, bits, i;

	for (row = 0; row < CCW_HIST_ROWS; row++) {
		uint64_t n = ccw_hist_row(h, row);

		if (!n)
			continue;
		bits = row + CCW_HIST_SUB_BITS;
		i = bits <= b->first ? 0 : (bits - b->first + b->step - 1) / b->step;
		if (i < b->count)
			bucket[i] += n;
	}
}

static void add_times(struct exp_sub *to, const struct ccw_stat *st)
{
	unsigned int i;

	for (i = 0; i < CCW_NR_STAGES; i++) {
		/* A bucket of BPF may come after its I/O and its sum: each counts by itself. */
		if (!st->hist[i].count && !st->hist[i].sum)
			continue;
		to->hist[i].count += st->hist[i].count;
		to->hist[i].sum_ns += st->hist[i].sum;
		if (i == CCW_TOTAL)
			add_rows(to->total, &exp_total_bounds, &st->hist[i]);
		else
			add_rows(to->stage[i], &exp_stage_bounds, &st->hist[i]);
	}
	to->have |= st->have;
}

/* The last slot, whose errno is 0, has what found no other. */
static void add_rc(struct exp_sub *to, const struct ccw_errno_count *rc)
{
	unsigned int i;

	if (!rc->count)
		return;
	for (i = 0; rc->rc && i < CCW_STAT_ERRNOS - 1; i++) {
		if (to->rc[i].count && to->rc[i].rc != rc->rc)
			continue;
		to->rc[i].rc = rc->rc;
		to->rc[i].count += rc->count;
		return;
	}
	to->rc[CCW_STAT_ERRNOS - 1].count += rc->count;
}

int exp_store_add(struct exp_store *s, const struct ccw_stat *st)
{
	struct exp_sub *to = exp_store_get(s, st->sch);
	unsigned int i;

	if (!to)
		return -ENOMEM;
	if (st->state != 0xff)
		to->state = st->state;
	to->missing += st->missing;
	add_times(to, st);
	if (!st->ios)
		return 0;
	for (i = 0; i < CCW_NR_RESULTS; i++)
		to->result[i] += st->result[i];
	to->bytes += st->bytes;
	to->ccws += st->ccws;
	to->segments += st->segments;
	to->idaws += st->idaws;
	to->pages += st->pages;
	to->irqs += st->irqs;
	for (i = 0; i < 4; i++)
		to->cc[i] += st->cc[i];
	for (i = 0; i < 8; i++) {
		to->dstat[i] += st->dstat[i];
		to->cstat[i] += st->cstat[i];
	}
	for (i = 0; i < CCW_STAT_ERRNOS; i++)
		add_rc(to, &st->rc[i]);
	return 0;
}
