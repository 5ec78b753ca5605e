// SPDX-License-Identifier: GPL-2.0
/*
 * The mouse: the wheel scrolls, a click on a title sorts, on a row selects, twice shows details.
 */
#include <curses.h>

#include "tools/ccwtop/act.h"

#define DOUBLE 0.5 /* seconds between two clicks at most */
#define WHEEL 3 /* rows */

/* Presses alone: whether two of them are one double click is decided here. */
void top_mouse_start(bool wanted)
{
	mouseinterval(0);
	mousemask(wanted ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

static void wheel(struct top_win *w, int step)
{
	if (w->mode == TOP_TABLE || w->mode == TOP_DETAIL)
		top_act_select_step(w, w->mode == TOP_TABLE ? step * WHEEL : step);
	else
		for (int i = 0; i < WHEEL; i++)
			top_act_move(w, step < 0 ? KEY_UP : KEY_DOWN);
}

static void click_title(struct top_win *w, int x)
{
	size_t i;

	for (i = 0; i < w->layout.count; i++) {
		const struct top_place *p = &w->layout.place[i];

		if (x >= (int)p->x && x < (int)(p->x + p->width))
			top_act_sort_by(w, p->col);
	}
}

static void click_row(struct top_win *w, size_t line)
{
	const struct top_model *m = &w->v->model;
	size_t i = w->scroll + line;
	double now = top_now();
	bool again;

	if (i >= top_view_shown(w->v))
		return;
	again = w->selected && ccw_sch_key(m->rows[i].sch) == ccw_sch_key(w->sch) &&
		now - w->clicked < DOUBLE;
	w->selected = true;
	w->sch = m->rows[i].sch;
	w->clicked = again ? 0 : now;
	if (again)
		w->mode = TOP_DETAIL;
}

void top_mouse_event(struct top_win *w)
{
	MEVENT e;

	if (getmouse(&e) != OK)
		return;
	if (e.bstate & BUTTON4_PRESSED)
		wheel(w, -1);
	else if (e.bstate & BUTTON5_PRESSED)
		wheel(w, 1);
	else if (!(e.bstate & BUTTON1_PRESSED))
		return;
	else if (w->mode == TOP_TABLE && e.y == TOP_FIRST_ROW - 1)
		click_title(w, e.x);
	else if (w->mode == TOP_TABLE && e.y >= TOP_FIRST_ROW && e.y < w->rows - 2)
		click_row(w, e.y - TOP_FIRST_ROW);
	else if (w->mode != TOP_TABLE && e.y == 0)
		top_act_back(w, 27);
}
