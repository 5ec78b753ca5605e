// SPDX-License-Identifier: GPL-2.0
/*
 * Help: the keys, and what the columns mean, from the table of columns.
 */
#include "tools/ccwtop/win.h"

static const struct {
	const char *key, *does;
} keys[] = {
	{ "q", "quit" },
	{ "p", "pause; counting goes on" },
	{ "< >", "sort by the column to the left, right" },
	{ "r", "reverse the order" },
	{ "+ -", "longer, shorter interval" },
	{ "c", "clear: forget what was until now" },
	{ "[ ]", "a recording: a twentieth of it back, forward; Home: its begin" },
	{ "{ }", "a recording: half, twice as fast" },
	{ "Up Down", "select a subchannel" },
	{ "1 - 5", "table, detail, errors, channel paths, log; Tab the next one, e errors" },
	{ "Enter", "show the selected subchannel, Esc back" },
	{ "Left Right", "detail: another stage; v: another panel first" },
	{ "Ctrl-L", "draw anew" },
};

void top_draw_help(struct top_win *w)
{
	const size_t nr_keys = sizeof(keys) / sizeof(*keys);
	int column = w->cols >= 130 ? 58 : 0, y = 1;
	size_t i;

	top_fill(w, 0, TOP_C_BANNER);
	top_put(w, 0, 0, TOP_C_BANNER, "ccwtop: keys and columns");
	for (i = 0; i < nr_keys && y < w->rows - 1; i++, y++) {
		top_put(w, y, 0, TOP_C_STRONG, "%s", keys[i].key);
		top_put(w, y, 10, TOP_C_PLAIN, "%s", keys[i].does);
	}
	/* Beside the keys if there is room, else only those columns that are on the screen. */
	y = column ? 1 : y + 1;
	for (i = 0; i < top_nr_columns && y < w->rows - 1; i++) {
		const struct top_column *col = &top_columns[i];
		bool shown = column;
		size_t k;

		for (k = 0; k < w->layout.count; k++)
			shown |= w->layout.place[k].col == col;
		if (!shown)
			continue;
		top_put(w, y, column, TOP_C_STRONG, "%s", col->title);
		top_put(w, y++, column + 12, TOP_C_PLAIN, "%s", col->help);
	}
	top_put(w, w->rows - 1, 0, TOP_C_PLAIN, "any key goes back; man ccwtop says more");
}
