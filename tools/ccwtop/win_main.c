// SPDX-License-Identifier: GPL-2.0
/*
 * The table: a line per subchannel.
 */
#include <string.h>

#include "tools/ccwtop/win.h"
#include "trace/ccw_names.h"

static enum top_color color_of(enum top_look look)
{
	switch (look) {
	case TOP_STRONG: return TOP_C_STRONG;
	case TOP_FAINT: return TOP_C_FAINT;
	case TOP_ERROR: return TOP_C_ERROR;
	default: return TOP_C_PLAIN;
	}
}

static enum top_color color_of_letter(char letter)
{
	const char *p = memchr(top_stage_letter, letter, CCW_TOTAL);

	return p ? TOP_C_STAGE + (p - top_stage_letter) : TOP_C_PLAIN;
}

/* Letters of one stage are drawn at once. */
static void draw_bar(const struct top_win *w, int y, int x, const char *bar)
{
	while (*bar) {
		int n = 1;

		while (bar[n] == bar[0])
			n++;
		x = top_put(w, y, x, color_of_letter(*bar), "%.*s", n, bar);
		bar += n;
	}
}

static void draw_row(const struct top_win *w, int y, const struct top_row *row)
{
	bool selected = w->selected && ccw_sch_key(row->sch) == ccw_sch_key(w->sch);
	char cell[TOP_MAX_WIDTH + 1];
	size_t i;

	if (selected)
		top_fill(w, y, TOP_C_SELECTED);
	for (i = 0; i < w->layout.count; i++) {
		const struct top_place *p = &w->layout.place[i];
		enum top_look look = p->col->look(row);

		top_cell(p, row, cell, sizeof(cell));
		if (look == TOP_BAR)
			draw_bar(w, y, p->x, cell);
		else
			top_put(w, y, p->x, selected ? TOP_C_SELECTED : color_of(look), "%s", cell);
	}
	/* In the blank behind the first column: seen without colours as well. */
	if (w->layout.count && top_marked(&w->v->marks, row->sch))
		top_put(w, y, w->layout.place[0].x + w->layout.place[0].width,
			selected ? TOP_C_SELECTED : TOP_C_MARKED, "*");
}

static void draw_titles(const struct top_win *w)
{
	char title[TOP_MAX_WIDTH + 1];
	size_t i;

	top_fill(w, TOP_FIRST_ROW - 1, TOP_C_TITLE);
	for (i = 0; i < w->layout.count; i++) {
		const struct top_place *p = &w->layout.place[i];

		top_title(p, title, sizeof(title));
		top_put(w, TOP_FIRST_ROW - 1, p->x,
			p->col == w->v->sort ? TOP_C_SORTED : TOP_C_TITLE, "%s", title);
	}
}

static void draw_legend(const struct top_win *w, size_t below)
{
	int x, s, y = w->rows - 2;

	x = top_put(w, y, 0, TOP_C_PLAIN, "split:");
	for (s = 0; s < CCW_TOTAL; s++) {
		x = top_put(w, y, x + 1, TOP_C_STAGE + s, "%c", top_stage_letter[s]);
		x = top_put(w, y, x, TOP_C_PLAIN, " %s ", ccw_stage_name(s));
	}
	if (below)
		top_put(w, y, x + 1, TOP_C_STRONG, "%zu more below", below);
}

/* The selected row, or the last one that fits, must be seen. */
static void scroll_to_selection(struct top_win *w, size_t page)
{
	const struct top_model *m = &w->v->model;
	size_t i, at = 0, count = top_view_shown(w->v);

	for (i = 0; w->selected && i < count; i++) {
		if (ccw_sch_key(m->rows[i].sch) == ccw_sch_key(w->sch))
			at = i;
	}
	if (w->scroll + page > count)
		w->scroll = count > page ? count - page : 0;
	if (at < w->scroll)
		w->scroll = at;
	else if (at >= w->scroll + page)
		w->scroll = at - page + 1;
}

void top_draw_table(struct top_win *w)
{
	static const char *const keys[] = {
		"?", "Help", "q", "Quit", "p", "Pause", "<>", "Sort", "r", "Reverse",
		"+-", "Delay", "c", "Clear", NULL
	};
	const struct top_model *m = &w->v->model;
	int page = w->rows - TOP_FIRST_ROW - 2, y = TOP_FIRST_ROW;
	size_t i, count = top_view_shown(w->v);
	char text[128];

	top_layout_make(&w->layout, &w->v->columns, w->cols);
	scroll_to_selection(w, page);
	top_draw_head(w);
	draw_titles(w);
	for (i = w->scroll; i < count && y < TOP_FIRST_ROW + page; i++)
		draw_row(w, y++, &m->rows[i]);
	if (*top_view_waiting(w->v, text, sizeof(text)) && y < TOP_FIRST_ROW + page)
		top_put(w, y + (y + 1 < TOP_FIRST_ROW + page), 0, TOP_C_STRONG, "%s", text);
	draw_legend(w, count - i);
	top_put_views(w, keys);
}
