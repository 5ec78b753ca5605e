// SPDX-License-Identifier: GPL-2.0
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "tools/ccwtop/tap.h"
#include "tools/ccwtop/act.h"
#include "tools/ccwtop/keys.h"
#include "tools/ccwtop/win.h"

#define NSEC_PER_SEC 1e9
#define SLICE 0.1 /* seconds; a trace buffer must not fill up between two looks */
#define SEEK 20 /* steps to seek through a whole recording */
#define FIRST 0.5 /* seconds until the first numbers, however long the delay is */

int top_put(const struct top_win *w, int y, int x, enum top_color color, const char *fmt, ...)
{
	char text[TOP_MAX_WIDTH + 1];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || x >= w->cols || y < 0 || y >= w->rows)
		return x;
	if (n > (int)sizeof(text) - 1)
		n = sizeof(text) - 1;
	if (n > w->cols - x)
		n = w->cols - x;
	attrset(top_theme_attr(color));
	mvaddnstr(y, x, text, n);
	attrset(A_NORMAL);
	return x + n;
}

void top_fill(const struct top_win *w, int y, enum top_color color)
{
	top_put(w, y, 0, color, "%*s", w->cols, "");
}

int top_put_raw(int y, int x, enum top_color color, const char *glyph)
{
	attrset(top_theme_attr(color));
	mvaddstr(y, x, glyph);
	attrset(A_NORMAL);
	return x + 1;
}

void top_put_keys(const struct top_win *w, int x, const char *const *keys)
{
	for (; *keys; keys += 2) {
		if (x + (int)(strlen(keys[0]) + strlen(keys[1])) + 1 > w->cols)
			break;
		x = top_put(w, w->rows - 1, x, TOP_C_STRONG, "%s", keys[0]);
		x = top_put(w, w->rows - 1, x, TOP_C_KEY, " %s", keys[1]) + 1;
	}
}

/* Left and right part of one line; the right one gives way. */
static void put_both(const struct top_win *w, int y, enum top_color color, const char *left,
		     const char *right)
{
	int room = w->cols - (int)strlen(left) - (int)strlen(right) - 2;

	top_fill(w, y, color);
	top_put(w, y, 0, color, "%s", left);
	if (room >= 0)
		top_put(w, y, w->cols - (int)strlen(right), color, "%s", right);
}

/* Names from outside must not move the cursor, nor be wider than they are long. */
static void printable(char *text)
{
	for (; *text; text++) {
		if (*text < ' ' || *text > '~')
			*text = '?';
	}
}

static void append(char *text, size_t len, const char *more)
{
	size_t n = strlen(text);

	snprintf(text + n, len - n, "%s", more);
}

/* What does not fit is left out, and that is seen. */
static void shorten(char *text, int width)
{
	if (width >= 8 && strlen(text) > (size_t)width)
		memcpy(text + width - 3, "...", 4);
}

void top_draw_head(const struct top_win *w)
{
	const struct top_view *v = w->v;
	const struct ccw_source_info *info = top_gather_info(v->gather);
	bool file = top_gather_is_file(v->gather);
	char left[1024], clock[64], lost[64], totals[128], text[600];
	struct utsname u;
	int x;

	if (file) {
		const char *slash = strrchr(info->name, '/');

		snprintf(left, sizeof(left), "ccwtop  %s", slash ? slash + 1 : info->name);
	} else {
		uname(&u);
		snprintf(left, sizeof(left), "ccwtop  %s  %s %s", u.nodename, u.release, u.machine);
	}
	if (v->only_marked)
		append(left, sizeof(left), "  (only marked)");
	printable(left);
	shorten(left, w->cols);
	put_both(w, 0, TOP_C_BANNER, left, top_view_clock(v, clock, sizeof(clock)));

	if (v->whole)
		x = top_put(w, 1, 0, TOP_C_STRONG, "end of recording: all %.1f s  ", v->model.secs);
	else if (file && v->speed <= 0)
		x = top_put(w, 1, 0, TOP_C_PLAIN, "every %.1f s, without waiting  ", v->delay);
	else if (file && v->speed != 1)
		x = top_put(w, 1, 0, TOP_C_PLAIN, "every %.1f s, %g times as fast  ", v->delay,
			    v->speed);
	else
		x = top_put(w, 1, 0, TOP_C_PLAIN, "every %.1f s  ", v->delay);
	if (w->paused)
		x = top_put(w, 1, x, TOP_C_ERROR, "PAUSED") + 2;
	if (w->recorder)
		x = top_put(w, 1, x, TOP_C_ERROR, "%s",
			    top_recorder_state(w->recorder, text, sizeof(text))) + 2;
	if (*top_view_lost(v, lost, sizeof(lost)))
		x = top_put(w, 1, x, TOP_C_ERROR, "%s", lost) + 2;
	if (*top_sieve_text(&v->sieve, text, sizeof(text))) {
		shorten(text, w->cols / 2);
		x = top_put(w, 1, x, TOP_C_STRONG, "only %s", text) + 2;
	}
	snprintf(text, sizeof(text), "sorted by %s%s", v->sort->title,
		 v->reverse ? " reversed" : "");
	if (x + (int)strlen(text) <= w->cols)
		x = top_put(w, 1, x, TOP_C_PLAIN, "%s", text) + 2;
	if (x + (int)(strlen(info->kind) + strlen(info->driver)) + 10 <= w->cols)
		top_put(w, 1, x, TOP_C_PLAIN, "source %s (%s)", info->kind, info->driver);

	x = top_put(w, 2, 0, TOP_C_PLAIN, "%s  ", top_view_totals(v, totals, sizeof(totals)));
	if (!*lost)
		top_put(w, 2, x, TOP_C_PLAIN, "nothing lost");
}

static int watch(const struct top_win *w, struct ccw_error *err)
{
	bool one = w->mode == TOP_DETAIL;

	return top_gather_watch(w->v->gather, one ? CCW_WATCH_ONE : CCW_WATCH_NONE,
				one ? &w->sch : NULL, err);
}

/* Over the names of keys: what is being typed, or what there is to say. */
static void draw_bottom(struct top_win *w)
{
	int y = w->rows - 1, x, cursor;

	curs_set(w->prompt.open);
	if (w->prompt.open) {
		top_fill(w, y, TOP_C_PLAIN);
		x = top_put(w, y, 0, TOP_C_STRONG, "%s", w->prompt.label);
		top_put(w, y, x, TOP_C_PLAIN, "%s",
			top_prompt_visible(&w->prompt, w->cols - x, &cursor));
		move(y, x + cursor);
	} else if (*w->said) {
		top_fill(w, y, TOP_C_PLAIN);
		top_put(w, y, 0, w->said_error ? TOP_C_ERROR : TOP_C_STRONG, "%s", w->said);
	}
}

void top_draw(struct top_win *w)
{
	getmaxyx(stdscr, w->rows, w->cols);
	erase();
	if (w->rows < TOP_MIN_ROWS || w->cols < TOP_MIN_COLS) {
		top_put(w, 0, 0, TOP_C_PLAIN, "%dx%d is too small,", w->cols, w->rows);
		top_put(w, 1, 0, TOP_C_PLAIN, "ccwtop needs %dx%d", TOP_MIN_COLS, TOP_MIN_ROWS);
	} else if (w->mode == TOP_HELP) {
		top_draw_help(w);
	} else if (w->mode == TOP_DETAIL) {
		top_draw_detail(w);
	} else if (w->mode == TOP_ERRORS) {
		top_draw_errors(w);
	} else if (w->mode == TOP_PATHS) {
		top_draw_paths(w);
	} else if (w->mode == TOP_LOG) {
		top_draw_log(w);
	} else {
		top_draw_table(w);
	}
	if (w->rows >= TOP_MIN_ROWS && w->cols >= TOP_MIN_COLS)
		draw_bottom(w);
	refresh();
}

static void prompt_key(struct top_win *w, int key)
{
	char text[TOP_PROMPT_LEN];

	if (top_prompt_key(&w->prompt, key) != TOP_PROMPT_DONE)
		return;
	/* The answer may ask the next question. */
	memcpy(text, w->prompt.text, sizeof(text));
	w->answer(w, text);
}

/* Everything typed so far; returns how many keys that was. */
static int handle_keys(struct top_win *w, bool *drawn)
{
	int key, n = 0;

	while (!w->quit && (key = getch()) != ERR) {
		n++;
		*drawn = false;
		if (key == KEY_RESIZE)
			continue;
		if (key == KEY_MOUSE) {
			top_mouse_event(w);
			continue;
		}
		*w->said = '\0';
		if (w->prompt.open)
			prompt_key(w, key);
		else
			top_key_press(w, key);
	}
	return n;
}

/*
 * A recording without waiting: to its end, in intervals all the same, so that what looks back has
 * slices of time.
 */
static int play_through(struct top_view *v, struct ccw_error *err)
{
	struct top_gather *g = v->gather;
	uint64_t last = top_gather_last(g), slice = v->delay * NSEC_PER_SEC, pos;
	int rc;

	if ((last - top_gather_first(g)) / slice >= TOP_HEAT_SLICES)
		slice = (last - top_gather_first(g)) / TOP_HEAT_SLICES + 1;
	do {
		pos = top_gather_pos(g);
		rc = top_gather_until(g, last - pos < slice ? last : pos + slice, err);
		if (rc > 0 && last - pos < slice)
			return top_gather_until(g, last < UINT64_MAX ? last + 1 : last, err);
		if (rc > 0 && top_view_refresh(v, false, err))
			return -ENOMEM;
	} while (rc > 0);
	return rc;
}

/* Lets secs of real time pass for the source. */
static int step(struct top_win *w, double secs, struct ccw_error *err)
{
	struct top_view *v = w->v;
	struct top_gather *g = v->gather;
	uint64_t pos = top_gather_pos(g), last = top_gather_last(g), to = last;
	double ns = secs * v->speed * NSEC_PER_SEC;

	if (!top_gather_is_file(g))
		return top_gather_drain(g, err);
	if (w->paused || top_gather_ended(g))
		return 0;
	if (v->speed <= 0 && pos < last)
		return play_through(v, err);
	if (v->speed > 0 && pos < last && ns < (double)(last - pos))
		to = pos + (uint64_t)ns;
	else if (to < UINT64_MAX)
		to++;
	return top_gather_until(g, to, err);
}

/* What the person looks at closely may cost something, what nobody looks at may not. */
static int look(struct top_win *w, struct ccw_error *err)
{
	struct top_view *v = w->v;
	bool close = w->mode == TOP_DETAIL && w->selected;
	int rc = 0;

	if (close)
		rc = top_history_watch(top_past_history(v->past), w->sch);
	if (!rc)
		rc = top_view_paths(v, w->mode == TOP_PATHS);
	if (rc)
		snprintf(err->text, sizeof(err->text), "out of memory");
	if (v->tap) {
		top_tap_watch(v->tap, close ? &w->sch : NULL);
		top_tap_drain(v->tap);
	}
	return rc;
}

static int seek(struct top_win *w, struct ccw_error *err)
{
	struct top_gather *g = w->v->gather;
	uint64_t first = top_gather_first(g), last = top_gather_last(g), pos = top_gather_pos(g);
	double whole = (double)(last - first), to = (double)(pos - first) + w->seek * whole / SEEK;

	w->seek = 0;
	w->v->whole = false;
	if (to < 0)
		to = 0;
	return top_gather_seek(g, to < whole ? first + (uint64_t)to : last, err);
}

static int wait_keys(double secs, int in, bool *gone)
{
	struct pollfd p = { .fd = in, .events = POLLIN };
	int rc = poll(&p, 1, secs > 0 ? (int)(secs * 1000) + 1 : 0);

	*gone = rc > 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL));
	return rc > 0;
}

static int loop(struct top_win *w, int in, struct ccw_error *err)
{
	struct top_view *v = w->v;
	/* Whoever counts intervals wants whole ones. */
	double first = v->count || v->delay < FIRST ? v->delay : FIRST;
	double then = top_now(), next = then + first;
	bool drawn = false, gone = false;
	unsigned long n = 0;
	int silent = 0;

	while (!w->quit && !gone && !*v->stop) {
		double now = top_now(), delay = v->delay;
		double left = v->whole || next - now > SLICE ? SLICE : next - now;
		bool ended;
		int rc;

		rc = watch(w, err);
		if (rc)
			return rc;
		if (!drawn)
			top_draw(w);
		drawn = true;
		rc = wait_keys(left, in, &gone);
		/* Readable without a key in it, again and again, is an end of file. */
		silent = handle_keys(w, &drawn) || !rc ? 0 : silent + 1;
		if (silent > 100)
			gone = true;
		if (v->delay != delay)
			next = top_now() + v->delay;

		now = top_now();
		if (w->seek) {
			rc = seek(w, err);
			if (rc)
				return rc;
			then = now;
			next = now + FIRST;
		}
		rc = step(w, now - then, err);
		if (rc < 0)
			return rc;
		then = now;
		/* What a view needs may take a while to begin: the view itself comes first. */
		rc = drawn ? look(w, err) : 0;
		if (rc)
			return rc;
		if (top_act_record_look(w))
			drawn = false;
		/* The end of a recording is shown once, when it is reached. */
		ended = top_gather_ended(v->gather);
		if (!w->again && (v->whole || (now < next && !ended)))
			continue;
		next = w->again || now - next >= v->delay ? now + v->delay : next + v->delay;
		if (w->paused && !w->again)
			continue;
		w->again = false;
		rc = top_view_refresh(v, ended, err);
		if (rc)
			return rc;
		drawn = false;
		if (v->count && ++n >= v->count) {
			top_draw(w);
			w->quit = true;
		}
	}
	return 0;
}

int top_win_run(struct top_view *v, struct top_config *config, const char *config_path,
		struct ccw_error *err)
{
	struct top_win w = {
		.v = v, .config = config, .config_path = config_path,
		.stage = CCW_TOTAL, .panel = TOP_P_TIME,
	};
	FILE *in = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "re");
	SCREEN *screen;
	int rc;

	if (!in) {
		snprintf(err->text, sizeof(err->text),
			 "cannot read keys: standard input is not a terminal (use -b)");
		return -ENOTTY;
	}
	setlocale(LC_CTYPE, "");
	w.ascii = config->ascii >= 0 ? config->ascii : !!strcmp(nl_langinfo(CODESET), "UTF-8");
	screen = newterm(NULL, stdout, in);
	if (!screen) {
		snprintf(err->text, sizeof(err->text), "cannot draw on this terminal (use -b)");
		if (in != stdin)
			fclose(in);
		return -EINVAL;
	}
	if (config->theme < 0)
		config->theme = top_theme_no_color() ? TOP_THEME_MONO : TOP_THEME_DEFAULT;
	top_theme_set(config->theme);
	set_escdelay(25);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	top_mouse_start(config->mouse);
	rc = top_view_refresh(v, false, err);
	if (!rc)
		rc = loop(&w, fileno(in), err);
	endwin();
	delscreen(screen);
	if (in != stdin)
		fclose(in);
	if (top_act_record_end(&w) && !rc)
		v->incomplete = true;
	return rc;
}
