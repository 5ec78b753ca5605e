// SPDX-License-Identifier: GPL-2.0
/*
 * Channel paths: those of the machine, what is varied off, who uses them; then the masks of every
 * subchannel.
 */
#include <stdio.h>
#include <string.h>

#include "tools/ccwtop/paths.h"
#include "tools/ccwtop/win.h"
#include "trace/ccw_names.h"

#define FIRST_LINE 4

/* A line of the list that is drawn, or not: the page begins at first and ends at the last row. */
struct list {
	const struct top_win *w;
	size_t first, n; /* n: lines so far */
};

/* The line's place on the screen; -1: not seen. */
static int next_line(struct list *l)
{
	size_t i = l->n++;
	int y = FIRST_LINE + (int)(i - l->first);

	return i >= l->first && y < l->w->rows - 1 ? y : -1;
}

/* The subchannels of the table that a path leads to. */
static void draw_users(const struct top_win *w, int y, int x, const struct top_chp *chp)
{
	const struct top_view *v = w->v;
	size_t i, n = 0;
	char sch[16];
	int k;

	for (i = 0; i < v->nr_paths; i++) {
		const struct top_sch_paths *s = &v->sch_paths[i];

		for (k = 0; k < TOP_CHPIDS; k++) {
			if (s->sch.cssid == chp->cssid && top_path_used(s, k) &&
			    s->chpid[k] == chp->id)
				break;
		}
		if (k == TOP_CHPIDS)
			continue;
		if (x + 16 < w->cols)
			x = top_put(w, y, x, TOP_C_PLAIN, "%s%s", n ? " " : "",
				    ccw_sch_str(s->sch, sch, sizeof(sch)));
		else if (x < w->cols)
			x = w->cols + top_put(w, y, x, TOP_C_PLAIN, " ...");
		n++;
	}
	if (!n)
		top_put(w, y, x, TOP_C_FAINT, "none of those shown");
}

static void draw_chps(struct list *l)
{
	const struct top_win *w = l->w;
	const struct top_chp *chp;
	size_t i;

	for (i = 0; (chp = top_paths_at(w->v->paths, i)); i++) {
		bool off = !strcmp(chp->status, "offline");
		int x, y = next_line(l);

		if (y < 0)
			continue;
		x = top_put(w, y, 0, TOP_C_STRONG, "%x.%02x  ", chp->cssid, chp->id);
		x = top_put(w, y, x, TOP_C_PLAIN, "%-4s ", *chp->type ? chp->type : "-");
		x = top_put(w, y, x, off ? TOP_C_ERROR : TOP_C_PLAIN, "%-10s ",
			    off ? "varied off" : *chp->status ? chp->status : "-");
		x = top_put(w, y, x, TOP_C_PLAIN, "%-14s ", *chp->configure ? chp->configure : "-");
		draw_users(w, y, x, chp);
	}
}

static void draw_masks(const struct top_win *w, int y, const struct top_sch_paths *s)
{
	char sch[16];
	int i, x;

	x = top_put(w, y, 0, TOP_C_STRONG, "%-9s ", ccw_sch_str(s->sch, sch, sizeof(sch)));
	if (!s->known) {
		top_put(w, y, x, TOP_C_PLAIN, "not known: it is gone");
		return;
	}
	x = top_put(w, y, x, TOP_C_PLAIN, " %02x  %02x  %02x  ", s->pim, s->pam, s->pom);
	for (i = 0; i < TOP_CHPIDS; i++) {
		const struct top_chp *chp = top_paths_find(w->v->paths, s->sch.cssid, s->chpid[i]);
		const char *problem = top_path_problem(s, i, chp);

		if (!top_path_used(s, i))
			continue;
		x = top_put(w, y, x, *problem ? TOP_C_ERROR : TOP_C_PLAIN, "%x.%02x%s%s ",
			    s->sch.cssid, s->chpid[i], *problem ? " " : "", problem);
	}
}

static size_t draw_list(const struct top_win *w, size_t first)
{
	const struct top_view *v = w->v;
	struct list l = { w, first, 0 };
	size_t i;
	int y;

	draw_chps(&l);
	if (!l.n && (y = next_line(&l)) >= 0)
		top_put(w, y, 0, TOP_C_PLAIN, "sysfs names no channel path");
	next_line(&l);
	y = next_line(&l);
	if (y >= 0) {
		top_fill(w, y, TOP_C_TITLE);
		top_put(w, y, 0, TOP_C_TITLE, "%-9s PIM PAM POM  %s", "SUBCH",
			"PATHS INSTALLED, AND WHAT IS WRONG WITH THEM");
	}
	for (i = 0; i < v->nr_paths; i++) {
		y = next_line(&l);
		if (y >= 0)
			draw_masks(w, y, &v->sch_paths[i]);
	}
	return l.n;
}

void top_draw_paths(struct top_win *w)
{
	static const char *const keys[] = {
		"Up/Down", "Scroll", "?", "Help", "q", "Quit", "p", "Pause", NULL
	};
	const struct top_view *v = w->v;
	size_t lines;

	top_draw_head(w);
	top_fill(w, FIRST_LINE - 1, TOP_C_TITLE);
	if (!v->paths) {
		top_put(w, FIRST_LINE - 1, 0, TOP_C_TITLE, "CHANNEL PATHS");
		top_put(w, FIRST_LINE + 1, 0, TOP_C_STRONG,
			"a recording does not say which channel paths there were;");
		top_put(w, FIRST_LINE + 2, 0, TOP_C_STRONG,
			"path events that it holds are in the log (5)");
	} else {
		top_put(w, FIRST_LINE - 1, 0, TOP_C_TITLE, "%-5s %-4s %-10s %-14s %s", "PATH",
			"TYPE", "STATUS", "CONFIGURED", "USED BY");
		lines = top_paths_count(v->paths) + v->nr_paths + 3;
		draw_list(w, top_scroll(w, lines, w->rows - FIRST_LINE - 1));
	}
	top_put_views(w, keys);
}
