// SPDX-License-Identifier: GPL-2.0
/*
 * What keys do that look at things in another way.
 */
#include <curses.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/act.h"

#define SEEK 20 /* steps to seek through a whole recording */
#define UNUSED __attribute__((unused))

void top_say(struct top_win *w, bool error, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->said, sizeof(w->said), fmt, ap);
	va_end(ap);
	w->said_error = error;
}

void top_ask(struct top_win *w, const char *label, const char *text,
	     void (*answer)(struct top_win *w, const char *text))
{
	top_prompt_open(&w->prompt, label, text);
	w->answer = answer;
}

void top_act_quit(struct top_win *w, int key)
{
	if (w->mode == TOP_HELP)
		top_act_back(w, key);
	else
		w->quit = true;
}

void top_act_pause(struct top_win *w, int key UNUSED)
{
	w->paused = !w->paused;
}

void top_act_clear(struct top_win *w, int key UNUSED)
{
	top_gather_clear(w->v->gather);
}

void top_act_redraw(struct top_win *w UNUSED, int key UNUSED)
{
	clearok(curscr, TRUE);
}

void top_act_theme(struct top_win *w, int key UNUSED)
{
	w->config->theme = (w->config->theme + 1) % TOP_NR_THEMES;
	top_theme_set(w->config->theme);
	top_say(w, false, "colours: %s", top_theme_name(w->config->theme));
}

/* --- interval --- */

void top_act_delay(struct top_win *w, int key)
{
	static const double steps[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60 };
	struct top_view *v = w->v;
	int i, n = sizeof(steps) / sizeof(*steps);

	if (key != '-') {
		for (i = 0; i < n - 1 && steps[i] <= v->delay; i++)
			;
	} else {
		for (i = n - 1; i > 0 && steps[i] >= v->delay; i--)
			;
	}
	v->delay = steps[i];
}

static void set_delay(struct top_win *w, const char *text)
{
	char *end;
	double secs = strtod(text, &end);

	if (end == text || *end || !(secs >= TOP_MIN_DELAY && secs <= TOP_MAX_DELAY))
		top_say(w, true, "'%.40s' is no interval: want seconds from 0.1 to 3600", text);
	else
		w->v->delay = secs;
}

void top_act_ask_delay(struct top_win *w, int key UNUSED)
{
	char text[16];

	snprintf(text, sizeof(text), "%g", w->v->delay);
	top_ask(w, "interval, seconds: ", text, set_delay);
}

/* --- views --- */

void top_act_help(struct top_win *w, int key UNUSED)
{
	if (w->mode == TOP_HELP) {
		w->mode = w->before;
		return;
	}
	w->before = w->mode;
	w->at[TOP_HELP] = 0;
	w->mode = TOP_HELP;
}

void top_act_choose(struct top_win *w, int key)
{
	int nr = TOP_HELP; /* the views with a number come before it */
	int now = w->mode == TOP_HELP ? w->before : w->mode;
	int mode = key == '\t' ? (now + 1) % nr : key == KEY_BTAB ? (now + nr - 1) % nr :
		   key == 'e' ? TOP_ERRORS : key - '1';

	/* Detail is of a subchannel: without one there is nothing to show. */
	if (mode == TOP_DETAIL && !top_select_some(w))
		return;
	w->mode = mode;
}

void top_act_back(struct top_win *w, int key UNUSED)
{
	if (w->mode == TOP_TABLE)
		w->selected = false;
	w->mode = w->mode == TOP_HELP ? w->before : TOP_TABLE;
}

void top_act_open(struct top_win *w, int key UNUSED)
{
	if (top_select_some(w))
		w->mode = TOP_DETAIL;
}

void top_act_stage(struct top_win *w, int key)
{
	w->stage = (w->stage + (key == KEY_LEFT ? CCW_NR_STAGES - 1 : 1)) % CCW_NR_STAGES;
}

void top_act_panel(struct top_win *w, int key UNUSED)
{
	w->panel = (w->panel + 1) % TOP_NR_PANELS;
}

/* --- order --- */

void top_act_sort_by(struct top_win *w, const struct top_column *col)
{
	struct top_view *v = w->v;

	v->reverse = v->sort == col && !v->reverse;
	v->sort = col;
	top_view_sort(v);
}

/* Next or previous of the columns that are shown; the first, if the sorting one is not. */
void top_act_sort_step(struct top_win *w, int key)
{
	int i, n = w->layout.count, step = key == '<' || key == ',' ? n - 1 : 1;

	for (i = 0; i < n; i++) {
		if (w->layout.place[i].col == w->v->sort)
			break;
	}
	if (n)
		top_act_sort_by(w, w->layout.place[i == n ? 0 : (i + step) % n].col);
}

static void set_sort(struct top_win *w, const char *text)
{
	const struct top_column *col = top_column_find(text + (*text == '-'));

	if (!col) {
		top_say(w, true, "no column '%.40s' (ccwtop -h lists them)", text);
		return;
	}
	w->v->sort = col;
	w->v->reverse = *text == '-';
	top_view_sort(w->v);
}

void top_act_ask_sort(struct top_win *w, int key UNUSED)
{
	char text[40];

	snprintf(text, sizeof(text), "%s%s", w->v->reverse ? "-" : "", w->v->sort->key);
	top_ask(w, "sort by column, -column reversed: ", text, set_sort);
}

void top_act_reverse(struct top_win *w, int key UNUSED)
{
	w->v->reverse = !w->v->reverse;
	top_view_sort(w->v);
}

/* --- selection and marks --- */

static long selected_row(const struct top_win *w)
{
	const struct top_row *rows = w->v->model.rows;
	long i, n = top_view_shown(w->v);

	for (i = 0; w->selected && i < n; i++) {
		if (ccw_sch_key(rows[i].sch) == ccw_sch_key(w->sch))
			return i;
	}
	return -1;
}

void top_act_select_step(struct top_win *w, long step)
{
	long i = selected_row(w), n = top_view_shown(w->v);

	if (!n)
		return;
	i = i >= 0 ? i + step : step > 0 ? 0 : n - 1;
	i = i < 0 ? 0 : i >= n ? n - 1 : i;
	w->selected = true;
	w->sch = w->v->model.rows[i].sch;
}

bool top_select_some(struct top_win *w)
{
	if (!w->selected)
		top_act_select_step(w, 1);
	return w->selected;
}

static void scroll_by(struct top_win *w, long lines)
{
	size_t *at = &w->at[w->mode];

	*at = lines < 0 && *at < (size_t)-lines ? 0 : *at + lines;
}

void top_act_move(struct top_win *w, int key)
{
	long page = w->rows > 8 ? w->rows - 8 : 1;
	long step = key == KEY_UP || key == 'k' ? -1 : key == KEY_DOWN || key == 'j' ? 1 :
		    key == KEY_PPAGE ? -page : page;

	if (w->mode == TOP_TABLE || w->mode == TOP_DETAIL)
		top_act_select_step(w, step);
	else
		scroll_by(w, step);
}

void top_act_mark(struct top_win *w, int key UNUSED)
{
	if (!top_select_some(w))
		return;
	if (top_marks_toggle(&w->v->marks, w->sch))
		top_say(w, true, "out of memory");
	else
		top_act_select_step(w, 1);
	top_view_sort(w->v);
}

void top_act_unmark_all(struct top_win *w, int key UNUSED)
{
	top_marks_clear(&w->v->marks);
	top_view_sort(w->v);
}

void top_act_only_marked(struct top_win *w, int key UNUSED)
{
	if (!w->v->only_marked && !w->v->marks.count) {
		top_say(w, true, "no subchannel is marked (Space marks the selected one)");
		return;
	}
	w->v->only_marked = !w->v->only_marked;
	top_view_sort(w->v);
}

/* --- search --- */

static bool has_text(const struct top_row *row, const char *text)
{
	char cell[128];
	size_t i;

	for (i = 0; i < top_nr_columns; i++) {
		if (!top_columns[i].by_text)
			continue;
		top_columns[i].text(row, sizeof(cell) - 1, cell, sizeof(cell));
		if (strcasestr(cell, text))
			return true;
	}
	return false;
}

/* From the selected row on, itself only at the very end; around the end of the table. */
static void find(struct top_win *w, int step)
{
	long n = top_view_shown(w->v), at = selected_row(w), k;

	if (at < 0)
		at = step > 0 ? -1 : n;
	for (k = 1; k <= n; k++) {
		long i = ((at + k * step) % n + n) % n;

		if (!has_text(&w->v->model.rows[i], w->search))
			continue;
		w->selected = true;
		w->sch = w->v->model.rows[i].sch;
		return;
	}
	top_say(w, true, "no row has '%.60s'", w->search);
}

static void search(struct top_win *w, const char *text)
{
	if (*text)
		snprintf(w->search, sizeof(w->search), "%s", text);
	if (*w->search)
		find(w, 1);
}

void top_act_search(struct top_win *w, int key UNUSED)
{
	top_ask(w, "search: ", "", search);
}

void top_act_search_again(struct top_win *w, int key)
{
	if (!*w->search)
		top_act_search(w, key);
	else
		find(w, key == 'n' ? 1 : -1);
}

/* --- filter --- */

static void set_filter(struct top_win *w, const char *text)
{
	struct top_sieve sieve;
	struct ccw_error err;

	if (top_sieve_typed(&sieve, &w->v->sieve, text, &err)) {
		top_say(w, true, "%s", err.text);
		return;
	}
	if (top_view_select(w->v, &sieve, &err)) {
		top_sieve_free(&sieve);
		top_say(w, true, "%s", err.text);
		return;
	}
	w->again = true;
}

void top_act_filter(struct top_win *w, int key UNUSED)
{
	const struct top_sieve *s = &w->v->sieve;

	top_ask(w, "filter: ", *s->expression ? s->expression : s->subchannels, set_filter);
}

/* --- a player's keys --- */

void top_act_seek(struct top_win *w, int key)
{
	if (key == KEY_HOME)
		w->seek = -SEEK;
	else
		w->seek += key == '[' ? -1 : 1;
}

void top_act_speed(struct top_win *w, int key)
{
	struct top_view *v = w->v;

	if (key == '{' && v->speed > 0.01)
		v->speed /= 2;
	else if (key == '}' && v->speed > 0 && v->speed < 1e6)
		v->speed *= 2;
}
