// SPDX-License-Identifier: GPL-2.0
/*
 * Errors: what fails on which subchannel, how often, when last, and what that means.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "tools/ccwtop/win.h"
#include "trace/ccw_explain.h"
#include "trace/ccw_names.h"

#define FIRST_LINE 4

static int draw_fault(const struct top_win *w, int y, const struct top_fault *f)
{
	char sch[16], count[16], rate[16] = "-", time[32] = "not told", text[128];
	int x;

	if (!isnan(f->rate))
		ccw_count_str(f->rate, rate, sizeof(rate));
	if (f->last)
		top_view_time(w->v, f->last->ts, time, sizeof(time));
	x = top_put(w, y, 0, TOP_C_PLAIN, "%-9s ", ccw_sch_str(f->sch, sch, sizeof(sch)));
	x = top_put(w, y, x, f->rate > 0 ? TOP_C_ERROR : TOP_C_PLAIN, "%-16.16s ",
		    ccw_result_name(f->kind));
	x = top_put(w, y, x, TOP_C_PLAIN, "%6s %6s %-12s ", ccw_count_str(f->count, count,
		    sizeof(count)), rate, time);
	if (f->last)
		x = top_put(w, y, x, TOP_C_PLAIN, "%s  ",
			    ccw_io_error_str(f->last, text, sizeof(text)));
	return x;
}

static void draw_meaning(const struct top_win *w, int y, int x, const struct top_fault *f)
{
	char why[160];

	top_put(w, y, x, TOP_C_FAINT, "%s", f->last ? ccw_explain_io(f->last, why, sizeof(why)) :
		ccw_explain_result(f->kind));
}

void top_draw_errors(struct top_win *w)
{
	static const char *const keys[] = {
		"Up/Down", "Scroll", "?", "Help", "q", "Quit", "c", "Clear", NULL
	};
	const struct top_faults *faults = top_past_faults(w->v->past);
	size_t n = top_faults_count(faults), first, i;
	/* Where lines are short, the meaning has a line of its own. */
	int each = w->cols < 120 ? 2 : 1, page = (w->rows - FIRST_LINE - 1) / each, x, y;

	first = top_scroll(w, n, page);
	top_draw_head(w);
	top_fill(w, FIRST_LINE - 1, TOP_C_TITLE);
	top_put(w, FIRST_LINE - 1, 0, TOP_C_TITLE, "%-9s %-16s %6s %6s %-12s %s", "SUBCH", "KIND",
		"FAILED", "ERR/S", "LAST", "THE LAST ONE, AND WHAT IT MEANS");
	for (i = 0; i < (size_t)page && first + i < n; i++) {
		y = FIRST_LINE + i * each;
		x = draw_fault(w, y, top_faults_at(faults, first + i));
		draw_meaning(w, y + each - 1, each == 2 ? 10 : x, top_faults_at(faults, first + i));
	}
	if (!n)
		top_put(w, FIRST_LINE + 1, 0, TOP_C_STRONG, "nothing failed");
	top_put_views(w, keys);
}
