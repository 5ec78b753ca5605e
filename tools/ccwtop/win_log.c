// SPDX-License-Identifier: GPL-2.0
/*
 * The log: what happened, the newest first.
 */
#include <inttypes.h>
#include <stdio.h>

#include "tools/ccwtop/win.h"
#include "trace/ccw_names.h"

#define FIRST_LINE 4

static enum top_color color_of(enum top_log_kind kind)
{
	switch (kind) {
	case TOP_LOG_ERROR:
	case TOP_LOG_LOST: return TOP_C_ERROR;
	case TOP_LOG_PATH:
	case TOP_LOG_CRW:
	case TOP_LOG_DEVICE: return TOP_C_STRONG;
	default: return TOP_C_PLAIN;
	}
}

static void draw_line(const struct top_win *w, int y, const struct top_log_line *line)
{
	char time[32], sch[16] = "", times[16] = "", n[16];
	int x;

	if (!line->whole)
		ccw_sch_str(line->sch, sch, sizeof(sch));
	if (line->times > 1)
		snprintf(times, sizeof(times), "%sx", ccw_count_str(line->times, n, sizeof(n)));
	x = top_put(w, y, 0, TOP_C_PLAIN, "%-12s %-9s %-7s %6s  ",
		    top_view_time(w->v, line->ts, time, sizeof(time)), sch,
		    top_log_name(line->kind), times);
	top_put(w, y, x, color_of(line->kind), "%s", line->text);
}

void top_draw_log(struct top_win *w)
{
	static const char *const keys[] = {
		"Up/Down", "Scroll", "?", "Help", "q", "Quit", "p", "Pause", NULL
	};
	const struct top_log *log = top_past_log(w->v->past);
	size_t n = top_log_count(log), first, i;
	int page = w->rows - FIRST_LINE - 1;

	first = top_scroll(w, n, page);
	top_draw_head(w);
	top_fill(w, FIRST_LINE - 1, TOP_C_TITLE);
	top_put(w, FIRST_LINE - 1, 0, TOP_C_TITLE, "%-12s %-9s %-7s %6s  %s", "TIME", "SUBCH",
		"KIND", "TIMES", "WHAT HAPPENED (newest first)");
	for (i = 0; i < (size_t)page && first + i < n; i++)
		draw_line(w, FIRST_LINE + i, top_log_at(log, first + i));
	if (!n)
		top_put(w, FIRST_LINE + 1, 0, TOP_C_STRONG,
			"nothing happened yet: no error, slow I/O, path or device event");
	else if (first + i == n && i < (size_t)page && top_log_gone(log))
		top_put(w, FIRST_LINE + i, 0, TOP_C_FAINT, "%" PRIu64 " older lines are gone",
			top_log_gone(log));
	top_put_views(w, keys);
}
