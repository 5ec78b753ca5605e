// SPDX-License-Identifier: GPL-2.0
/*
 * Panel: the last intervals side by side, the newest at the right. How many I/Os, how long the
 * slowest hundredth took, and below how long all of them took: a map of latency by time.
 */
#include <math.h>
#include <stdio.h>

#include "tools/ccwtop/win.h"
#include "trace/ccw_names.h"

#define LABEL 9 /* characters before the map */
#define LINES 2 /* sparklines */

static double value(const struct top_slice *s, int line)
{
	return line ? ccw_hist_low(s->p99) : s->rate;
}

/* line 0: rate, 1: P99. Steps are of equal height from 0 to the largest. */
static void draw_spark(const struct top_area *a, int y, const struct top_detail *d, int cols,
		       int line)
{
	const struct top_history *h = top_past_history(a->w->v->past);
	struct top_slice slice;
	double most = 0;
	char top[16];
	int i;

	for (i = 0; i < cols; i++) {
		if (top_history_slice(h, d->sch, i, &slice))
			most = value(&slice, line) > most ? value(&slice, line) : most;
	}
	top_area_put(a, y, 0, TOP_C_PLAIN, "%-4s", line ? "P99" : "IO/S");
	for (i = 0; i < cols; i++) {
		double v;
		int level, x = a->x + LABEL + cols - 1 - i;

		if (!top_history_slice(h, d->sch, i, &slice) || !(v = value(&slice, line)))
			continue;
		level = v / most * TOP_HEAT_LEVELS;
		level = level < TOP_HEAT_LEVELS ? level : TOP_HEAT_LEVELS - 1;
		top_put_glyph(a->w, a->y + y, x, slice.errors ? TOP_C_ERROR : TOP_C_HEAT + 2,
			      top_bar(a->w, level));
	}
	if (line)
		ccw_ns_str(most, top, sizeof(top));
	else
		ccw_count_str(most, top, sizeof(top));
	if (most > 0)
		top_area_put(a, y, LABEL + cols + 1, TOP_C_PLAIN, "%s", top);
	else if (line && d->st && d->st->ios && !(d->st->have & 1U << CCW_TOTAL))
		top_area_put(a, y, LABEL, TOP_C_PLAIN, "not measured by this source");
}

static uint64_t cell(const struct top_heat *heat, enum ccw_stage stage, int row, int step)
{
	uint64_t n = 0;
	int i;

	for (i = row; i < row + step && i < TOP_HEAT_ROWS; i++)
		n += heat->n[stage][i];
	return n;
}

struct range {
	int first, last, step; /* rows of the heat map in use; of them so many on a line */
	uint64_t most; /* in a cell */
};

/* What is in use, so that lines are not spent on times that do not occur. */
static struct range range_of(const struct top_win *w, const struct top_detail *d, int cols,
			     int lines)
{
	const struct top_history *h = top_past_history(w->v->past);
	struct range r = { TOP_HEAT_ROWS, -1, 1, 0 };
	const struct top_heat *heat;
	int i, k;

	for (i = 0; i < cols; i++) {
		heat = top_history_heat(h, d->sch, i);
		for (k = 0; heat && k < TOP_HEAT_ROWS; k++) {
			if (!heat->n[w->stage][k])
				continue;
			r.first = k < r.first ? k : r.first;
			r.last = k > r.last ? k : r.last;
		}
	}
	while (r.last >= 0 && (r.last - r.first) / r.step + 1 > lines)
		r.step++;
	for (i = 0; i < cols; i++) {
		heat = top_history_heat(h, d->sch, i);
		for (k = r.first; heat && k <= r.last; k += r.step) {
			uint64_t n = cell(heat, w->stage, k, r.step);

			r.most = n > r.most ? n : r.most;
		}
	}
	return r;
}

int top_time_lines(const struct top_win *w, const struct top_detail *d)
{
	struct range r = range_of(w, d, TOP_HEAT_SLICES, TOP_HEAT_ROWS);

	return 1 + LINES + (r.last < 0 ? 1 : r.last - r.first + 1) + 1;
}

/* Few I/Os shall be seen beside many: levels are logarithmic. */
static int level_of(uint64_t n, uint64_t most)
{
	int level = most > 1 ? log2(n) / log2(most) * TOP_HEAT_LEVELS : TOP_HEAT_LEVELS - 1;

	return level < TOP_HEAT_LEVELS ? level : TOP_HEAT_LEVELS - 1;
}

static int draw_heat(const struct top_area *a, int y, const struct top_detail *d, int cols)
{
	const struct top_history *h = top_past_history(a->w->v->past);
	int lines = a->rows - y - 1, row, i;
	struct range r;

	if (lines < 1)
		return y;
	r = range_of(a->w, d, cols, lines);
	/* The longest times are at the top. */
	for (row = r.first + (r.last - r.first) / r.step * r.step; row >= r.first && r.last >= 0;
	     row -= r.step, y++) {
		uint64_t ns = row ? 1ULL << (TOP_HEAT_LOW + row - 1) : 0;
		char low[16];

		top_area_put(a, y, 0, TOP_C_PLAIN, "%8s", ccw_ns_str(ns, low, sizeof(low)));
		for (i = 0; i < cols; i++) {
			const struct top_heat *heat = top_history_heat(h, d->sch, i);
			int x = a->x + LABEL + cols - 1 - i, level;
			uint64_t n = heat ? cell(heat, a->w->stage, row, r.step) : 0;

			if (!heat || heat->unknown & 1U << a->w->stage)
				top_put_glyph(a->w, a->y + y, x, TOP_C_FAINT, "?");
			if (!n)
				continue;
			level = level_of(n, r.most);
			top_put_glyph(a->w, a->y + y, x, TOP_C_HEAT + level,
				      top_shade(a->w, level));
		}
	}
	return y;
}

static void draw_axis(const struct top_area *a, int y, int cols, double secs)
{
	top_area_put(a, y, 0, TOP_C_FAINT, "%8s -%.0f s", "", secs);
	if (cols > 12)
		top_area_put(a, y, LABEL + cols - 3, TOP_C_FAINT, "now");
}

void top_draw_time(const struct top_area *a, const struct top_detail *d)
{
	const struct top_history *h = top_past_history(a->w->v->past);
	int cols = a->cols - LABEL - 8, y = 1 + LINES, i, known;
	double secs = 0, one;

	known = top_history_slices(h);
	cols = cols < known ? cols : known;
	top_area_title(a, "OVER TIME  %s, a column per interval, darker: more I/Os",
		       ccw_stage_name(a->w->stage));
	if (cols < 1) {
		top_area_put(a, 1, 0, TOP_C_PLAIN, "no interval has ended yet");
		return;
	}
	for (i = 0; i < cols; i++) {
		top_history_time(h, i, &one);
		secs += one;
	}
	draw_spark(a, 1, d, cols, 0);
	draw_spark(a, 2, d, cols, 1);
	if (d->st && d->st->ios && !(d->st->have & 1U << a->w->stage))
		top_area_put(a, y++, 0, TOP_C_PLAIN, "not measured by this source");
	else
		y = draw_heat(a, y, d, cols);
	draw_axis(a, y, cols, secs);
}
