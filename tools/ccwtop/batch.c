// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tools/ccwtop/batch.h"
#include "tools/ccwtop/format.h"

#define NSEC_PER_SEC 1e9
#define SLICE 0.1 /* seconds; a trace buffer must not fill up meanwhile */

/* Text is for reading and for cut and awk alike: no blanks behind the last column. */
static void put_line(char *line, FILE *f)
{
	size_t n = strlen(line);

	while (n && line[n - 1] == ' ')
		n--;
	fprintf(f, "%.*s\n", (int)n, line);
}

static void put_cells(const struct top_layout *l, const struct top_row *row, FILE *f)
{
	char line[TOP_MAX_WIDTH + 2], cell[TOP_MAX_WIDTH + 1];
	size_t i;

	memset(line, ' ', sizeof(line));
	for (i = 0; i < l->count; i++) {
		if (row)
			top_cell(&l->place[i], row, cell, sizeof(cell));
		else
			top_title(&l->place[i], cell, sizeof(cell));
		memcpy(line + l->place[i].x, cell, strlen(cell));
	}
	line[l->width] = '\0';
	put_line(line, f);
}

static int flush(void)
{
	errno = 0;
	if (fflush(stdout) || ferror(stdout))
		return errno ? -errno : -EIO;
	return 0;
}

void top_batch_block(const struct top_view *v, FILE *f)
{
	const struct ccw_source_info *info = top_gather_info(v->gather);
	const struct top_model *m = &v->model;
	struct top_layout l;
	char text[128];
	size_t i;

	top_layout_make(&l, &v->columns, 0);
	fprintf(f, "ccwtop %s", top_view_clock(v, text, sizeof(text)));
	fprintf(f, "  %s (%s)", info->kind, info->driver);
	fprintf(f, "  interval %.3f s", m->secs);
	fprintf(f, "  %s", top_view_totals(v, text, sizeof(text)));
	top_view_lost(v, text, sizeof(text));
	fprintf(f, "  %s\n", *text ? text : "nothing lost");
	put_cells(&l, NULL, f);
	for (i = 0; i < top_view_shown(v); i++)
		put_cells(&l, &m->rows[i], f);
	if (*top_view_waiting(v, text, sizeof(text)))
		fprintf(f, "(%s)\n", text);
	putc('\n', f);
}

/* 0, or a negative errno: -EPIPE if nobody reads any more. */
static int put_interval(const struct top_view *v, enum top_format format, unsigned long n)
{
	int rc = 0;

	if (format == TOP_TEXT)
		top_batch_block(v, stdout);
	else
		rc = top_format_interval(format, v, n, stdout);
	return rc ? rc : flush();
}

static void sleep_until(double until, const volatile sig_atomic_t *stop)
{
	double left = until - top_now();
	struct timespec ts;

	if (left <= 0 || *stop)
		return;
	ts.tv_sec = left;
	ts.tv_nsec = (left - ts.tv_sec) * NSEC_PER_SEC;
	nanosleep(&ts, NULL);
}

static int live_interval(struct top_view *v, double end, struct ccw_error *err)
{
	int rc;

	do {
		double slice = top_now() + SLICE;

		sleep_until(slice < end ? slice : end, v->stop);
		rc = top_gather_drain(v->gather, err);
	} while (!rc && !*v->stop && top_now() < end);
	return rc;
}

static uint64_t add_ns(uint64_t ts, double secs)
{
	double ns = secs * NSEC_PER_SEC;

	return ns >= (double)(UINT64_MAX - ts) ? UINT64_MAX : ts + (uint64_t)ns;
}

/*
 * Intervals of a recording begin at its first record and are as long as the delay. The last one
 * takes what is left if that is less than half: rates over a sliver mean nothing. Where nothing was
 * recorded for a while there are no blocks.
 */
static int file_interval(struct top_view *v, double started, struct ccw_error *err)
{
	struct top_gather *g = v->gather;
	uint64_t first = v->from, last = top_gather_last(g), next, end;
	uint64_t start = top_gather_pos(g);
	uint64_t step = v->delay * NSEC_PER_SEC;

	if (top_gather_next(g, &next) && next >= start && next - start >= step) {
		start += (next - start) / step * step;
		top_gather_skip(g, start);
	}
	end = add_ns(start, v->delay);
	if (end > last || last - end < step / 2)
		end = last < UINT64_MAX ? last + 1 : last;
	if (v->speed > 0)
		sleep_until(started + (end - first) / NSEC_PER_SEC / v->speed, v->stop);
	return top_gather_until(g, end, err);
}

static int out_failed(int rc, struct ccw_error *err)
{
	if (rc == -ENOMEM)
		snprintf(err->text, sizeof(err->text), "out of memory");
	else
		snprintf(err->text, sizeof(err->text), "cannot write to standard output: %s",
			 strerror(-rc));
	return rc;
}

static int run(struct top_view *v, enum top_format format, struct ccw_error *err)
{
	bool file = top_gather_is_file(v->gather);
	double started = top_now(), end = started;
	unsigned long n = 0;
	int rc;

	do {
		end += v->delay;
		if (end < top_now()) /* stopped for a while: no burst of short intervals */
			end = top_now() + v->delay;
		rc = file ? file_interval(v, started, err) : live_interval(v, end, err);
		if (rc < 0 || (*v->stop && file))
			return rc < 0 ? rc : 0;
		rc = top_view_refresh(v, false, err);
		if (rc)
			return rc;
		rc = put_interval(v, format, n);
		if (rc)
			return out_failed(rc, err);
	} while (++n != v->count && !*v->stop && !(file && top_gather_ended(v->gather)));
	return 0;
}

int top_batch_run(struct top_view *v, enum top_format format, struct ccw_error *err)
{
	int rc, end;

	top_format_begin(format, v, stdout);
	rc = run(v, format, err);
	/* Also after an error or a signal: what was written so far is to be read. */
	top_format_end(format, stdout);
	end = flush();
	if (!rc && end)
		rc = out_failed(end, err);
	return rc == -EPIPE ? 0 : rc;
}
