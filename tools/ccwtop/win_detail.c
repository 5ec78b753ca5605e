// SPDX-License-Identifier: GPL-2.0
/*
 * One subchannel: its stages, the histogram of one of them, its last errors. Everything is since
 * start or clear.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtop/win.h"
#include "trace/ccw_names.h"

#define MAX_BARS 48

static const struct top_row *find_row(const struct top_win *w)
{
	const struct top_model *m = &w->v->model;
	size_t i;

	for (i = 0; i < m->count; i++) {
		if (ccw_sch_key(m->rows[i].sch) == ccw_sch_key(w->sch))
			return &m->rows[i];
	}
	return NULL;
}

static int draw_identity(const struct top_win *w, int y, const struct top_row *row,
			 const struct ccw_stat *st)
{
	char sch[16], ccws[16], bytes[16];
	int x;

	x = top_put(w, y, 0, TOP_C_STRONG, "%s", ccw_sch_str(w->sch, sch, sizeof(sch)));
	if (row)
		x = top_put(w, y, x, TOP_C_PLAIN, "  %s", row->state);
	if (row && row->dev.devno[0])
		x = top_put(w, y, x, TOP_C_PLAIN, "  device %s", row->dev.devno);
	if (row && row->dev.dev[0])
		x = top_put(w, y, x, TOP_C_PLAIN, " %s", row->dev.dev);
	if (row && row->dev.cu[0])
		top_put(w, y, x, TOP_C_PLAIN, "  control unit %s", row->dev.cu);
	y++;
	if (row && row->dev.mdev[0])
		top_put(w, y++, 0, TOP_C_PLAIN, "mdev %s", row->dev.mdev);
	if (!st || !st->ios)
		return y;
	x = top_put(w, y, 0, TOP_C_PLAIN, "%" PRIu64 " I/Os, %s, %s CCWs on average, %u at most; ",
		    st->ios, ccw_bytes_str(st->bytes, bytes, sizeof(bytes)),
		    ccw_count_str((double)st->ccws / st->ios, ccws, sizeof(ccws)), st->max_ccws);
	if (st->ios > st->result[CCW_OK])
		x = top_put(w, y, x, TOP_C_ERROR, "%" PRIu64 " failed",
			    st->ios - st->result[CCW_OK]);
	else
		x = top_put(w, y, x, TOP_C_PLAIN, "none failed");
	if (st->missing)
		top_put(w, y, x, TOP_C_ERROR, ", %" PRIu64 " missing", st->missing);
	return y + 1;
}

static int draw_stages(const struct top_win *w, int y, const struct ccw_stat *st)
{
	static const double p[] = { 50, 90, 99, 99.9 };
	uint64_t sum = st->hist[CCW_TOTAL].sum;
	char t[16];
	int s;

	top_fill(w, y, TOP_C_TITLE);
	top_put(w, y++, 0, TOP_C_TITLE, "%-11s %6s %7s %7s %7s %7s %7s %7s %7s", "STAGE", "SHARE",
		"MEAN", "MIN", "P50", "P90", "P99", "P99.9", "MAX");
	for (s = 0; s < CCW_NR_STAGES; s++, y++) {
		const struct ccw_hist *h = &st->hist[s];
		enum top_color color = s == (int)w->stage ? TOP_C_STRONG : TOP_C_PLAIN;
		size_t i;
		int x;

		if (s < CCW_TOTAL)
			top_put(w, y, 0, TOP_C_STAGE + s, "%c", top_stage_letter[s]);
		x = top_put(w, y, 2, color, "%-9s ", ccw_stage_name(s));
		if (!(st->have & 1U << s) || !h->count) {
			top_put(w, y, x, color, "%6s", "-");
			continue;
		}
		if (sum)
			x = top_put(w, y, x, color, "%5.1f%%", 100.0 * h->sum / sum);
		else
			x = top_put(w, y, x, color, "%6s", "-");
		x = top_put(w, y, x, color, " %7s", ccw_ns_str(h->sum / h->count, t, sizeof(t)));
		x = top_put(w, y, x, color, " %7s", ccw_ns_str(h->min, t, sizeof(t)));
		for (i = 0; i < sizeof(p) / sizeof(*p); i++)
			x = top_put(w, y, x, color, " %7s",
				    ccw_ns_str(ccw_hist_percentile(h, p[i]), t, sizeof(t)));
		top_put(w, y, x, color, " %7s", ccw_ns_str(h->max, t, sizeof(t)));
	}
	return y;
}

/* Counts by powers of two; returns the first and the last that is not empty. */
static void powers(const struct ccw_hist *h, uint64_t count[MAX_BARS], int *first, int *last)
{
	unsigned int b;

	memset(count, 0, MAX_BARS * sizeof(*count));
	*first = MAX_BARS;
	*last = -1;
	for (b = 0; b < CCW_HIST_BUCKETS; b++) {
		uint32_t n = ccw_hist_at(h, b);
		uint64_t low;
		int power = 0;

		if (!n)
			continue;
		for (low = ccw_hist_low(b); low > 1; low >>= 1)
			power++;
		count[power] += n;
		if (power < *first)
			*first = power;
		if (power > *last)
			*last = power;
	}
}

/* A bar per power of two, or per as many as the lines that there are ask for. */
static int draw_histogram(const struct top_win *w, int y, int end, const struct ccw_hist *h)
{
	static const char bar[] =
		"################################################################"
		"################################################################"
		"################################################################";
	enum top_color color = w->stage < CCW_TOTAL ? TOP_C_STAGE + w->stage : TOP_C_SELECTED;
	uint64_t count[MAX_BARS], most = 0;
	int first, last, step = 1, i, k, room = w->cols - 34;

	if (room > (int)sizeof(bar) - 1)
		room = sizeof(bar) - 1;
	powers(h, count, &first, &last);
	if (last < 0 || end - y < 2)
		return y;
	top_fill(w, y, TOP_C_TITLE);
	top_put(w, y++, 0, TOP_C_TITLE, "%s, histogram (left and right choose another stage)",
		ccw_stage_name(w->stage));
	while ((last - first) / step + 1 > end - y)
		step++;
	for (i = first; i <= last; i += step) {
		for (k = 1; k < step && i + k <= last; k++)
			count[i] += count[i + k];
		if (count[i] > most)
			most = count[i];
	}
	for (i = first; i <= last; i += step, y++) {
		char from[16], to[16];
		int n = room > 0 ? (int)((double)count[i] * room / most + 0.5) : 0;

		top_put(w, y, 0, TOP_C_PLAIN, "%6s .. %6s %8" PRIu64 " %5.1f%%",
			ccw_ns_str(i ? 1ULL << i : 0, from, sizeof(from)),
			ccw_ns_str(1ULL << (i + step), to, sizeof(to)), count[i],
			100.0 * count[i] / h->count);
		if (count[i])
			top_put(w, y, 33, color, "%.*s", n ? n : 1, bar);
	}
	return y;
}

static void draw_errors(const struct top_win *w, int y, int end, const struct ccw_stat *st)
{
	unsigned int i;
	char text[160], bits[48];

	if (!st->nr_last_err || end - y < 2)
		return;
	top_fill(w, y, TOP_C_TITLE);
	top_put(w, y++, 0, TOP_C_TITLE, "LAST ERRORS (%" PRIu64 ")", st->ios - st->result[CCW_OK]);
	for (i = 0; i < st->nr_last_err && y < end; i++, y++) {
		const struct ccw_io *io = &st->last_err[i];
		int x;

		x = top_put(w, y, 0, TOP_C_PLAIN, "#%-8u ", io->seq);
		x = top_put(w, y, x, TOP_C_ERROR, "%s", ccw_io_error_str(io, text, sizeof(text)));
		x = top_put(w, y, x, TOP_C_PLAIN, "  %s", ccw_cmd_name(io->cmd));
		if (io->flags & VFIO_CCW_IO_ENDED)
			x = top_put(w, y, x, TOP_C_PLAIN, "  dstat %s",
				    ccw_dstat_str(io->dstat, bits, sizeof(bits)));
		if (io->flags & VFIO_CCW_IO_ENDED && io->cstat)
			top_put(w, y, x, TOP_C_PLAIN, "  cstat %s",
				ccw_cstat_str(io->cstat, bits, sizeof(bits)));
	}
}

void top_draw_detail(struct top_win *w)
{
	static const char *const keys[] = {
		"Esc", "Back", "Up/Down", "Subchannel", "Left/Right", "Stage", "p", "Pause",
		"c", "Clear", "q", "Quit", NULL
	};
	const struct ccw_stat *st = ccw_stats_find(top_gather_total(w->v->gather), w->sch);
	int errors = st ? (int)st->nr_last_err : 0;
	int end = w->rows - 1, y;

	/* Where lines are few, the newest errors and a finer histogram say most. */
	if (w->rows < 32 && errors > 2)
		errors = 2;
	if (errors)
		errors += 2;

	top_draw_head(w);
	y = draw_identity(w, 4, find_row(w), st) + 1;
	if (!st || !st->ios) {
		top_put(w, y, 0, TOP_C_STRONG, "no I/O yet on this subchannel");
	} else {
		y = draw_stages(w, y, st) + 1;
		y = draw_histogram(w, y, end - errors, &st->hist[w->stage]) + 1;
		draw_errors(w, y, end, st);
	}
	top_put_keys(w, keys);
}
