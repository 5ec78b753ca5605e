// SPDX-License-Identifier: GPL-2.0
/*
 * Help: the keys and the columns, from the tables that they work by.
 */
#include "tools/ccwtop/keys.h"
#include "tools/ccwtop/win.h"

#define LABEL 14 /* width of what a line begins with */
#define BESIDE 150 /* columns of the screen from which on both lists stand side by side */
#define RIGHT 84 /* where the second one begins then */

static void put_key(const struct top_win *w, int y, const struct top_key *k)
{
	int x = top_put(w, y, 0, TOP_C_STRONG, "%-*s", LABEL, k->label);

	x = top_put(w, y, x, TOP_C_PLAIN, "%s", k->help);
	if (k->changes && w->config->readonly > 0)
		top_put(w, y, x, TOP_C_FAINT, " (off)");
}

static void put_column(const struct top_win *w, int y, int x, const struct top_column *col)
{
	top_put(w, y, x, TOP_C_STRONG, "%s", col->title);
	top_put(w, y, x + LABEL, TOP_C_PLAIN, "%s", col->help);
}

/* Line i of the list, keys first; beside: the columns have a list of their own. */
static void put_line(const struct top_win *w, int y, size_t i, bool beside)
{
	if (i < top_nr_keys)
		put_key(w, y, &top_keys[i]);
	else if (!beside && i > top_nr_keys && i - top_nr_keys - 1 < top_nr_columns)
		put_column(w, y, 0, &top_columns[i - top_nr_keys - 1]);
	if (beside && i < top_nr_columns)
		put_column(w, y, RIGHT, &top_columns[i]);
}

void top_draw_help(struct top_win *w)
{
	bool beside = w->cols >= BESIDE;
	size_t most = top_nr_keys > top_nr_columns ? top_nr_keys : top_nr_columns;
	size_t lines = beside ? most : top_nr_keys + 1 + top_nr_columns;
	int page = w->rows - 2, y;
	size_t first = top_scroll(w, lines, page);

	top_fill(w, 0, TOP_C_BANNER);
	top_put(w, 0, 0, TOP_C_BANNER, "ccwtop: keys and columns%s",
		lines > (size_t)page ? ", Up and Down scroll" : "");
	for (y = 0; y < page && first + y < lines; y++)
		put_line(w, y + 1, first + y, beside);
	top_put(w, w->rows - 1, 0, TOP_C_STRONG, "q or Esc goes back; man ccwtop says more");
}
