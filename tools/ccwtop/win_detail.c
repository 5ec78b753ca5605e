// SPDX-License-Identifier: GPL-2.0
/*
 * One subchannel: its stages, since start or clear, and panels that look at it from several sides.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtop/win.h"
#include "trace/ccw_names.h"

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
	x = top_put(w, y, 0, TOP_C_PLAIN, "%" PRIu64 " I/Os", st->ios);
	if (st->ccws) /* the common I/O layer does not know the program */
		x = top_put(w, y, x, TOP_C_PLAIN, ", %s, %s CCWs on average",
			    ccw_bytes_str(st->bytes, bytes, sizeof(bytes)),
			    ccw_count_str((double)st->ccws / st->ios, ccws, sizeof(ccws)));
	if (st->max_ccws) /* BPF does not count it */
		x = top_put(w, y, x, TOP_C_PLAIN, ", %u at most", st->max_ccws);
	x = top_put(w, y, x, TOP_C_PLAIN, "; ");
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

static const struct {
	int (*lines)(const struct top_win *w, const struct top_detail *d);
	void (*draw)(const struct top_area *a, const struct top_detail *d);
} panels[TOP_NR_PANELS] = {
	[TOP_P_HISTOGRAM] = { top_histogram_lines, top_draw_histogram },
	[TOP_P_TIME] = { top_time_lines, top_draw_time },
	[TOP_P_STATES] = { top_states_lines, top_draw_states },
	[TOP_P_ERRORS] = { top_last_errors_lines, top_draw_last_errors },
	[TOP_P_SLOW] = { top_slow_lines, top_draw_slow },
};

#define LEAST 6 /* lines of a panel that shall say something */

/*
 * The panels from the chosen one on, beneath each other, as many as there is room for; each has
 * what it can use, the last one what is left. Returns how many were drawn.
 */
static int draw_column(const struct top_win *w, const struct top_detail *d, int from, int y, int x,
		       int cols)
{
	int rows = w->rows - 1 - y, n = 0, i;

	for (i = from; i < TOP_NR_PANELS && rows >= (n ? LEAST : 2); i++, n++) {
		int panel = (w->panel + i) % TOP_NR_PANELS, want = panels[panel].lines(w, d);
		struct top_area area = { w, y, x, want, cols };

		if (want > rows - LEAST || i == TOP_NR_PANELS - 1)
			area.rows = want < rows ? want : rows;
		panels[panel].draw(&area, d);
		y += area.rows + 1;
		rows -= area.rows + 1;
	}
	return n;
}

#define TWO_COLUMNS 130

static void draw_panels(const struct top_win *w, const struct top_detail *d, int y)
{
	int n, half = w->cols / 2;

	if (w->cols < TWO_COLUMNS) {
		draw_column(w, d, 0, y, 0, w->cols);
		return;
	}
	n = draw_column(w, d, 0, y, 0, half - 1);
	if (n < TOP_NR_PANELS)
		draw_column(w, d, n, y, half + 1, w->cols - half - 1);
}

void top_draw_detail(struct top_win *w)
{
	static const char *const keys[] = {
		"v", "Panel", "Left/Right", "Stage", "?", "Help", "q", "Quit", NULL
	};
	struct top_detail d = {
		.sch = w->sch, .row = find_row(w),
		.st = ccw_stats_find(top_gather_total(w->v->gather), w->sch),
	};
	int y;

	top_draw_head(w);
	y = draw_identity(w, 3, d.row, d.st);
	if (!d.st || !d.st->ios)
		top_put(w, y++, 0, TOP_C_STRONG, "no I/O yet on this subchannel");
	else
		y = draw_stages(w, y, d.st);
	draw_panels(w, &d, y);
	top_put_views(w, keys);
}
