/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The screen. win.c has the terminal, the loop and the keys; win_main.c, win_detail.c and
 * win_help.c each draw one view and know nothing of each other.
 */
#ifndef CCWTOP_WIN_H
#define CCWTOP_WIN_H

#include "tools/ccwtop/view.h"

#define TOP_MIN_COLS 40
#define TOP_MIN_ROWS 8

/*
 * Whether a screen can be drawn: 0, -ENOTTY if there is no terminal, or another negative errno with
 * err filled if there is one that will not do.
 */
int top_win_check(struct ccw_error *err);

/*
 * Draws until q, the count is reached or a signal comes; the terminal is then as it was. 0 or a
 * negative errno with err filled.
 */
int top_win_run(struct top_view *v, struct ccw_error *err);

/* For the views. */

enum top_color {
	TOP_C_PLAIN,
	TOP_C_STRONG,
	TOP_C_FAINT,
	TOP_C_ERROR,
	TOP_C_BANNER, /* first line */
	TOP_C_TITLE, /* titles of columns */
	TOP_C_SORTED, /* title of the column that sorts */
	TOP_C_SELECTED,
	TOP_C_KEY, /* what a key in the last line does */
	TOP_C_STAGE, /* + enum ccw_stage */
	TOP_NR_COLORS = TOP_C_STAGE + CCW_TOTAL,
};

struct top_win {
	struct top_view *v;
	int rows, cols;
	bool paused;
	int seek; /* recording: steps to go forward, or back, as soon as the keys are read */
	enum { TOP_TABLE, TOP_DETAIL, TOP_HELP } mode;
	/* Table: the selection follows its subchannel; nothing is selected before the first key. */
	bool selected;
	struct ccw_sch sch;
	size_t scroll; /* first row shown */
	struct top_layout layout;
	enum ccw_stage stage; /* detail: whose histogram */
};

/* Text at y, x, cut at the right edge; the rest of the line stays. Returns the x behind it. */
int top_put(const struct top_win *w, int y, int x, enum top_color color, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void top_fill(const struct top_win *w, int y, enum top_color color); /* a line of blanks */
/* Keys and what they do: pairs of strings, NULL at the end. What does not fit is left out. */
void top_put_keys(const struct top_win *w, const char *const *keys);
/* The first three lines, the same in every view. */
void top_draw_head(const struct top_win *w);

void top_draw_table(struct top_win *w);
void top_draw_detail(struct top_win *w);
void top_draw_help(struct top_win *w);

#endif /* CCWTOP_WIN_H */
