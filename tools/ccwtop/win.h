/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The screen. win.c has the terminal and the loop, keys.c the keys; win_views.c what views share;
 * each other win_*.c draws one view, or one panel of the detail view, and knows none of the others.
 */
#ifndef CCWTOP_WIN_H
#define CCWTOP_WIN_H

#include "tools/ccwtop/config.h"
#include "tools/ccwtop/prompt.h"
#include "tools/ccwtop/recorder.h"
#include "tools/ccwtop/theme.h"
#include "tools/ccwtop/view.h"

#define TOP_MIN_COLS 40
#define TOP_MIN_ROWS 8

/*
 * Whether a screen can be drawn: 0, -ENOTTY if there is no terminal, or another negative errno with
 * err filled if there is one that will not do.
 */
int top_win_check(struct ccw_error *err);

/*
 * Draws until q, the count is reached or a signal comes; the terminal is then as it was. config is
 * complete but for theme and ascii, and written to config_path when a key says so; NULL: nowhere. 0
 * or a negative errno with err filled.
 */
int top_win_run(struct top_view *v, struct top_config *config, const char *config_path,
		struct ccw_error *err);

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
	TOP_C_MARKED,
	TOP_C_STAGE, /* + enum ccw_stage */
	TOP_C_HEAT = TOP_C_STAGE + CCW_TOTAL, /* + level of heat, 0 .. TOP_HEAT_LEVELS - 1 */
	TOP_NR_COLORS = TOP_C_HEAT + 8,
};
#define TOP_HEAT_LEVELS 8

/* In the order of their number keys, from 1. */
enum top_mode { TOP_TABLE, TOP_DETAIL, TOP_ERRORS, TOP_PATHS, TOP_LOG, TOP_HELP, TOP_NR_MODES };

/* Parts of the detail view; on a small screen one is seen, chosen by a key. */
enum top_panel {
	TOP_P_HISTOGRAM, TOP_P_TIME, TOP_P_STATES, TOP_P_ERRORS, TOP_P_SLOW, TOP_NR_PANELS
};

struct top_win {
	struct top_view *v;
	struct top_config *config; /* as it is now: keys change it */
	const char *config_path; /* NULL: there is nowhere to write it */
	int rows, cols;
	bool quit;
	bool again; /* the numbers are to be made anew at once */
	bool paused;
	int seek; /* recording: steps to go forward, or back, as soon as the keys are read */
	bool ascii; /* the terminal has no other characters */
	enum top_mode mode, before; /* before: where help goes back to */
	size_t at[TOP_NR_MODES]; /* first line shown of a list */
	/* Table: the selection follows its subchannel; nothing is selected before the first key. */
	bool selected;
	struct ccw_sch sch;
	size_t scroll; /* first row shown */
	struct top_layout layout;
	enum ccw_stage stage; /* detail: whose histogram */
	enum top_panel panel; /* detail: the first that is shown */
	double clicked; /* when the selected row was, top_now() */
	char search[TOP_PROMPT_LEN];
	/* The last line: what is being typed, and what there was to say, until the next key. */
	struct top_prompt prompt;
	void (*answer)(struct top_win *w, const char *text);
	char said[400];
	bool said_error;
	struct top_recorder *recorder; /* NULL: nothing is recorded */
	int recorded; /* what came of earlier ones: 0 or a negative errno */
};

/* Text at y, x, cut at the right edge; the rest of the line stays. Returns the x behind it. */
int top_put(const struct top_win *w, int y, int x, enum top_color color, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void top_fill(const struct top_win *w, int y, enum top_color color); /* a line of blanks */
/* One character that is one cell wide, however many bytes it has. Returns the x behind it. */
int top_put_glyph(const struct top_win *w, int y, int x, enum top_color color, const char *glyph);
/* Of a level from 0 to TOP_HEAT_LEVELS - 1: a shade, a bar of that height. */
const char *top_shade(const struct top_win *w, int level);
const char *top_bar(const struct top_win *w, int level);

/*
 * The last line of a view: the views, then its own keys, pairs of strings with NULL at the end.
 * What does not fit is left out.
 */
void top_put_views(const struct top_win *w, const char *const *keys);
/* First of count lines to show on a page of rows, where the person scrolled; keeps w->at right. */
size_t top_scroll(struct top_win *w, size_t count, int rows);

/* A part of the screen; texts are cut at its edge. y and x count from its corner. */
struct top_area {
	const struct top_win *w;
	int y, x, rows, cols;
};
int top_area_put(const struct top_area *a, int y, int x, enum top_color color, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
void top_area_title(const struct top_area *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What the panels of the detail view show. */
struct top_detail {
	struct ccw_sch sch;
	const struct ccw_stat *st; /* since start or clear; NULL: no I/O */
	const struct top_row *row; /* NULL: none */
};
/* How many lines a panel could use; 0: it has nothing to say. */
int top_histogram_lines(const struct top_win *w, const struct top_detail *d);
int top_time_lines(const struct top_win *w, const struct top_detail *d);
int top_states_lines(const struct top_win *w, const struct top_detail *d);
int top_last_errors_lines(const struct top_win *w, const struct top_detail *d);
int top_slow_lines(const struct top_win *w, const struct top_detail *d);
void top_draw_histogram(const struct top_area *a, const struct top_detail *d);
void top_draw_time(const struct top_area *a, const struct top_detail *d);
void top_draw_states(const struct top_area *a, const struct top_detail *d);
void top_draw_last_errors(const struct top_area *a, const struct top_detail *d);
void top_draw_slow(const struct top_area *a, const struct top_detail *d);

/* On the last line from x on: keys and what they do, as top_put_views(). */
void top_put_keys(const struct top_win *w, int x, const char *const *keys);
/* A glyph without a look at the edge; for top_put_glyph(). */
int top_put_raw(int y, int x, enum top_color color, const char *glyph);
/* Selects a subchannel if none is. false: there is none. */
bool top_select_some(struct top_win *w);
/* The first three lines, the same in every view. */
void top_draw_head(const struct top_win *w);

/* Where rows begin in the table; titles are in the line above. */
#define TOP_FIRST_ROW 4

void top_draw(struct top_win *w); /* the whole screen */

void top_mouse_start(bool wanted);
void top_mouse_event(struct top_win *w);

void top_draw_table(struct top_win *w);
void top_draw_detail(struct top_win *w);
void top_draw_errors(struct top_win *w);
void top_draw_paths(struct top_win *w);
void top_draw_log(struct top_win *w);
void top_draw_help(struct top_win *w);

#endif /* CCWTOP_WIN_H */
