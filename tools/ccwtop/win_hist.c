// SPDX-License-Identifier: GPL-2.0
/*
 * Panel: the histogram of one stage, a bar per power of two.
 */
#include <inttypes.h>
#include <string.h>

#include "tools/ccwtop/win.h"
#include "trace/ccw_names.h"

#define POWERS 48

/* Counts by powers of two; the first and the last that is not empty. */
static void powers(const struct ccw_hist *h, uint64_t count[POWERS], int *first, int *last)
{
	int power;

	memset(count, 0, POWERS * sizeof(*count));
	*first = POWERS;
	*last = -1;
	for (power = 0; power < CCW_HIST_BITS; power++) {
		count[power] = ccw_hist_power(h, power);
		if (!count[power])
			continue;
		if (*last < 0)
			*first = power;
		*last = power;
	}
}

int top_histogram_lines(const struct top_win *w, const struct top_detail *d)
{
	uint64_t count[POWERS];
	int first, last;

	if (!d->st)
		return 2;
	powers(&d->st->hist[w->stage], count, &first, &last);
	return last < 0 ? 2 : last - first + 2;
}

static void draw_bar(const struct top_area *a, int y, enum top_color color, double part)
{
	static const char bar[] =
		"################################################################"
		"################################################################"
		"################################################################";
	int room = a->cols - 34, n;

	if (room > (int)sizeof(bar) - 1)
		room = sizeof(bar) - 1;
	n = room > 0 ? (int)(part * room + 0.5) : 0;
	top_area_put(a, y, 33, color, "%.*s", n ? n : 1, bar);
}

void top_draw_histogram(const struct top_area *a, const struct top_detail *d)
{
	enum ccw_stage stage = a->w->stage;
	enum top_color color = stage < CCW_TOTAL ? TOP_C_STAGE + stage : TOP_C_SELECTED;
	const struct ccw_hist *h = d->st ? &d->st->hist[stage] : NULL;
	uint64_t count[POWERS], most = 0;
	int first, last = -1, step = 1, i, k, y = 1;

	top_area_title(a, "HISTOGRAM  %s", ccw_stage_name(stage));
	if (h)
		powers(h, count, &first, &last);
	if (last < 0)
		top_area_put(a, 1, 0, TOP_C_PLAIN, d->st && !(d->st->have & 1U << stage) ?
			     "not measured by this source" : "no I/O");
	/* A bar per as many powers as the lines that there are ask for. */
	while (last >= 0 && (last - first) / step + 2 > a->rows && step < POWERS)
		step++;
	for (i = first; i <= last; i += step) {
		for (k = 1; k < step && i + k <= last; k++)
			count[i] += count[i + k];
		if (count[i] > most)
			most = count[i];
	}
	for (i = first; i <= last; i += step, y++) {
		char from[16], to[16];

		top_area_put(a, y, 0, TOP_C_PLAIN, "%6s .. %6s %8" PRIu64 " %5.1f%%",
			     ccw_ns_str(i ? 1ULL << i : 0, from, sizeof(from)),
			     ccw_ns_str(1ULL << (i + step), to, sizeof(to)), count[i],
			     100.0 * count[i] / h->count);
		if (count[i])
			draw_bar(a, y, color, (double)count[i] / most);
	}
}
