// SPDX-License-Identifier: GPL-2.0
/*
 * Two readings: the first for the statistics and to learn which subchannels are busiest, the
 * second for what depends on that.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/html_data.h"

unsigned int html_series_of(const struct html_data *d, struct ccw_sch sch)
{
	unsigned int i;

	for (i = 1; i < d->nr_series; i++) {
		if (ccw_sch_key(d->series[i].st->sch) == ccw_sch_key(sch))
			return i;
	}
	return 0;
}

static unsigned int column_of(const struct html_data *d, uint64_t ts)
{
	uint64_t i = ts > d->begin ? (ts - d->begin) / d->width : 0;

	return i < d->nr_columns ? i : d->nr_columns - 1;
}

static int add_to(struct html_series *s, unsigned int column, const struct ccw_io *io)
{
	struct html_column *c = &s->columns[column];
	int i, rc = 0;

	c->ios++;
	c->bytes += io->bytes;
	c->result[ccw_io_result(io)]++;
	for (i = 0; i < CCW_NR_STAGES; i++) {
		if (io->have & 1u << i)
			c->ns[i] += io->ns[i];
	}
	if (io->have & 1u << CCW_TOTAL)
		rc = ccw_hist_add(&c->total, io->ns[CCW_TOTAL]);
	if (!rc)
		rc = ccw_hist_add(&s->ccws, io->ccws);
	if (!rc)
		rc = ccw_hist_add(&s->bytes, io->bytes);
	return rc;
}

/* A heap with the fastest of the slow ones on top, until html_gather() sorts it. */
static void sift_down(struct ccw_io *heap, size_t n, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;
		struct ccw_io io;

		if (child >= n)
			return;
		if (child + 1 < n && heap[child + 1].ns[CCW_TOTAL] < heap[child].ns[CCW_TOTAL])
			child++;
		if (heap[at].ns[CCW_TOTAL] <= heap[child].ns[CCW_TOTAL])
			return;
		io = heap[at];
		heap[at] = heap[child];
		heap[child] = io;
		at = child;
	}
}

static void note_slow(struct html_data *d, const struct ccw_io *io)
{
	size_t at;

	if (!(io->have & 1u << CCW_TOTAL))
		return;
	if (d->nr_slow < HTML_SLOW) {
		d->slow[d->nr_slow++] = *io;
		if (d->nr_slow == HTML_SLOW) {
			for (at = HTML_SLOW / 2; at-- > 0;)
				sift_down(d->slow, HTML_SLOW, at);
		}
		return;
	}
	if (io->ns[CCW_TOTAL] <= d->slow[0].ns[CCW_TOTAL])
		return;
	d->slow[0] = *io;
	sift_down(d->slow, HTML_SLOW, 0);
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct html_data *d = ctx;
	unsigned int column = column_of(d, io->ts), series;
	int rc;

	if (!ccw_filter_match(d->report.scan.filter, io->sch))
		return 0;
	series = html_series_of(d, io->sch);
	rc = add_to(&d->series[0], column, io);
	if (!rc && series)
		rc = add_to(&d->series[series], column, io);
	if (rc)
		return rc;
	note_slow(d, io);
	if (ccw_io_result(io) != CCW_OK && d->failed_in[column] < HTML_FAILED_COLUMN) {
		d->failed_in[column]++;
		d->failed[d->nr_failed++] = *io;
	}
	return 0;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct html_data *d = ctx;

	if (d->nr_gaps == HTML_GAPS)
		d->other_gaps++;
	else
		d->gaps[d->nr_gaps++] = (struct html_gap){ ts, count, cpu };
	return 0;
}

static int by_ios(const void *a, const void *b)
{
	const struct ccw_stat *p = *(struct ccw_stat *const *)a, *q = *(struct ccw_stat *const *)b;

	if (p->ios != q->ios)
		return p->ios > q->ios ? -1 : 1;
	return ccw_sch_key(p->sch) < ccw_sch_key(q->sch) ? -1 : 1;
}

/* The busiest subchannels; one alone would say the same as all. */
static int choose_series(struct html_data *d)
{
	size_t n = ccw_stats_count(d->report.scan.stats), i;
	struct ccw_stat **sorted = calloc(n + 1, sizeof(*sorted));

	if (!sorted)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		sorted[i] = ccw_stats_at(d->report.scan.stats, i);
	qsort(sorted, n, sizeof(*sorted), by_ios);
	d->series[0].st = d->report.scan.all;
	d->nr_series = 1;
	for (i = 0; n > 1 && i < n && i < HTML_SERIES; i++)
		d->series[d->nr_series++].st = sorted[i];
	free(sorted);
	return 0;
}

/*
 * Columns from the first I/O to the last. A column for every second I/O, if they are few: more
 * would show gaps instead of a course.
 */
static int lay_out(struct html_data *d)
{
	const struct ccw_stats *sts = d->report.scan.stats;
	uint64_t first = UINT64_MAX, last = 0, ios = d->report.scan.all->ios;
	unsigned int i;

	for (size_t n = 0; n < ccw_stats_count(sts); n++) {
		const struct ccw_stat *st = ccw_stats_at(d->report.scan.stats, n);

		if (!st->ios)
			continue;
		first = st->first_ts < first ? st->first_ts : first;
		last = st->last_ts > last ? st->last_ts : last;
	}
	d->begin = ios ? first : 0;
	d->nr_columns = ios / 2 < 30 ? 30 : ios / 2 > HTML_COLUMNS ? HTML_COLUMNS : ios / 2;
	d->width = ios ? (last - first) / d->nr_columns + 1 : 1;
	for (i = 0; i < d->nr_series; i++) {
		d->series[i].columns = calloc(d->nr_columns, sizeof(struct html_column));
		if (!d->series[i].columns)
			return -ENOMEM;
	}
	d->slow = calloc(HTML_SLOW, sizeof(*d->slow));
	d->failed = calloc(HTML_COLUMNS * HTML_FAILED_COLUMN, sizeof(*d->failed));
	d->gaps = calloc(HTML_GAPS, sizeof(*d->gaps));
	return d->slow && d->failed && d->gaps ? 0 : -ENOMEM;
}

static int slowest_first(const void *a, const void *b)
{
	const struct ccw_io *p = a, *q = b;

	if (p->ns[CCW_TOTAL] != q->ns[CCW_TOTAL])
		return p->ns[CCW_TOTAL] > q->ns[CCW_TOTAL] ? -1 : 1;
	if (p->ts != q->ts)
		return p->ts < q->ts ? -1 : 1;
	return 0;
}

static int read_again(struct html_data *d, struct ccw_error *err)
{
	const struct ccw_sink sink = { .io = on_io, .lost = on_lost, .ctx = d };
	struct ccw_source *src;
	int rc = ccw_source_open_file(&src, d->report.path, err);

	if (rc)
		return rc;
	rc = ccw_source_read(src, &sink, 0, 0, err);
	ccw_source_close(src);
	return rc;
}

int html_gather(struct html_data *d, const char *path, const struct ccw_filter *filter,
		struct ccw_error *err)
{
	int rc;

	d->report.path = path;
	d->report.scan.filter = filter;
	rc = report_gather(&d->report, err);
	if (rc)
		return rc;
	rc = choose_series(d);
	if (!rc)
		rc = lay_out(d);
	if (!rc)
		rc = read_again(d, err);
	if (rc == -ENOMEM)
		snprintf(err->text, sizeof(err->text), "out of memory");
	if (!rc)
		qsort(d->slow, d->nr_slow, sizeof(*d->slow), slowest_first);
	return rc;
}

void html_data_free(struct html_data *d)
{
	unsigned int i, c;

	for (i = 0; i < d->nr_series; i++) {
		struct html_series *s = &d->series[i];

		for (c = 0; s->columns && c < d->nr_columns; c++)
			ccw_hist_free(&s->columns[c].total);
		free(s->columns);
		ccw_hist_free(&s->ccws);
		ccw_hist_free(&s->bytes);
	}
	free(d->slow);
	free(d->failed);
	free(d->gaps);
	report_free(&d->report);
}
