// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/model.h"
#include "trace/ccw_names.h"

#define NO_STATE 0xff

static double per(double n, double of)
{
	return of > 0 ? n / of : NAN;
}

static uint64_t errors_of(const struct ccw_stat *st)
{
	uint64_t n = 0;
	int r;

	for (r = CCW_OK + 1; r < CCW_NR_RESULTS; r++)
		n += st->result[r];
	return n;
}

static bool measured(const struct ccw_stat *st, enum ccw_stage stage)
{
	return st->have & 1U << stage;
}

static void fill_percentiles(struct top_row *row, const struct ccw_stat *st)
{
	static const double p[] = { 50, 99, 99.9 };
	uint64_t v[3] = { TOP_NO_TIME, TOP_NO_TIME, TOP_NO_TIME };

	if (measured(st, CCW_TOTAL))
		ccw_hist_percentiles(&st->hist[CCW_TOTAL], p, 3, v);
	row->p50 = v[0];
	row->p99 = v[1];
	row->p999 = v[2];
}

static void fill_shares(struct top_row *row, const struct ccw_stat *st)
{
	double sum = 0;
	int s;

	for (s = 0; s < CCW_TOTAL; s++) {
		if (measured(st, s))
			sum += st->hist[s].sum;
	}
	/* The whole may be more than the parts that were measured. */
	if (measured(st, CCW_TOTAL) && st->hist[CCW_TOTAL].sum > sum)
		sum = st->hist[CCW_TOTAL].sum;
	for (s = 0; s < CCW_TOTAL; s++)
		row->share[s] = measured(st, s) ? per(st->hist[s].sum, sum) : NAN;
}

/* Where the channel programs went and how long they took: as good as the I/Os of st. */
static void fill_shape(struct top_row *row, const struct ccw_stat *st)
{
	row->ccws = per(st->ccws, st->ios);
	row->idaws = per(st->idaws, st->ios);
	row->pages = per(st->pages, st->ios);
	row->irqs = per(st->irqs, st->ios);
	fill_percentiles(row, st);
	row->max = measured(st, CCW_TOTAL) ? st->hist[CCW_TOTAL].max : TOP_NO_TIME;
	fill_shares(row, st);
}

static void fill_state(struct top_row *row, const struct ccw_stat *total, bool live)
{
	unsigned int state = total ? total->state : NO_STATE;
	const char *text = "-";
	size_t i;

	if (live && !row->dev.bound)
		text = "unbound";
	else if (state != NO_STATE)
		text = ccw_state_name(state);
	else if (live && row->dev.state[0])
		text = row->dev.state; /* the source has no transitions */
	else if (live && !row->dev.mdev[0])
		text = "no-mdev";
	/* for every row at every refresh: not snprintf() */
	for (i = 0; i < sizeof(row->state) - 1 && text[i]; i++)
		row->state[i] = text[i];
}

static void fill_row(struct top_row *row, struct ccw_sch sch, double secs,
		     const struct ccw_stat *now, const struct ccw_stat *total,
		     const struct top_sysfs *sysfs)
{
	const struct top_device *dev = sysfs ? top_sysfs_find(sysfs, sch) : NULL;
	int s;

	memset(row, 0, sizeof(*row));
	row->sch = sch;
	if (dev)
		row->dev = *dev;
	fill_state(row, total, sysfs);
	row->idle = !now || !now->ios;
	row->rate = per(now ? now->ios : 0, secs);
	row->bytes = per(now ? now->bytes : 0, secs);
	row->errors = per(now ? errors_of(now) : 0, secs);
	row->busy = 0;
	row->ccws = row->idaws = row->pages = row->irqs = NAN;
	row->p50 = row->p99 = row->p999 = row->max = TOP_NO_TIME;
	for (s = 0; s < CCW_TOTAL; s++)
		row->share[s] = NAN;
	if (!row->idle) {
		fill_shape(row, now);
		row->busy = measured(now, CCW_DEVICE) ?
			per(now->hist[CCW_DEVICE].sum / 1e9, secs) : NAN;
		/* An I/O longer than the interval counts where it ended. */
		if (row->busy > 1)
			row->busy = 1;
	} else if (total && total->ios) {
		fill_shape(row, total);
	}
	if (total) {
		row->total_ios = total->ios;
		row->total_errors = errors_of(total);
		row->missing = total->missing;
		if (total->nr_last_err)
			ccw_io_error_str(&total->last_err[0], row->last_error,
					 sizeof(row->last_error));
	}
}

static struct top_row *add_row(struct top_model *m)
{
	if (m->count == m->room) {
		size_t room = m->room ? 2 * m->room : 32;
		struct top_row *rows = realloc(m->rows, room * sizeof(*rows));

		if (!rows)
			return NULL;
		m->rows = rows;
		m->room = room;
	}
	return &m->rows[m->count++];
}

static int by_sch(const void *a, const void *b)
{
	uint32_t x = ccw_sch_key(((const struct top_row *)a)->sch);
	uint32_t y = ccw_sch_key(((const struct top_row *)b)->sch);

	return (x > y) - (x < y);
}

static void sum_up(struct top_model *m)
{
	size_t i;

	m->rate = m->bytes = m->errors = m->secs > 0 ? 0 : NAN;
	m->total_ios = m->total_errors = m->missing = 0;
	m->active = m->bound = 0;
	for (i = 0; i < m->count; i++) {
		const struct top_row *row = &m->rows[i];

		m->rate += row->rate;
		m->bytes += row->bytes;
		m->errors += row->errors;
		m->total_ios += row->total_ios;
		m->total_errors += row->total_errors;
		m->missing += row->missing;
		m->active += !row->idle;
		m->bound += row->dev.bound;
	}
}

int top_model_build(struct top_model *m, struct ccw_stats *interval, double secs,
		    struct ccw_stats *total, const struct top_sysfs *sysfs,
		    const struct ccw_filter *filter)
{
	size_t i, n = ccw_stats_count(total);
	bool more = false;

	m->count = 0;
	m->secs = secs;
	for (i = 0; i < n; i++) {
		const struct ccw_stat *st = ccw_stats_at(total, i);
		struct top_row *row = add_row(m);

		if (!row)
			return -ENOMEM;
		fill_row(row, st->sch, secs, ccw_stats_find(interval, st->sch), st, sysfs);
	}
	n = sysfs ? top_sysfs_count(sysfs) : 0;
	for (i = 0; i < n; i++) {
		const struct top_device *dev = top_sysfs_at(sysfs, i);
		struct top_row *row;

		if (!dev->bound || !ccw_filter_match(filter, dev->sch) ||
		    ccw_stats_find(total, dev->sch))
			continue;
		row = add_row(m);
		if (!row)
			return -ENOMEM;
		fill_row(row, dev->sch, secs, NULL, NULL, sysfs);
		more = true;
	}
	if (more)
		qsort(m->rows, m->count, sizeof(*m->rows), by_sch);
	sum_up(m);
	return 0;
}

void top_model_no_programs(struct top_model *m)
{
	size_t i;

	m->bytes = NAN;
	for (i = 0; i < m->count; i++) {
		struct top_row *row = &m->rows[i];

		row->bytes = row->ccws = row->idaws = row->pages = NAN;
	}
}

void top_model_free(struct top_model *m)
{
	free(m->rows);
	memset(m, 0, sizeof(*m));
}
