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
#include "tools/ccwtop/win.h"

#define NSEC_PER_SEC 1e9
#define SLICE 0.1 /* seconds; a trace buffer must not fill up between two looks */
#define SEEK 20 /* steps to seek through a whole recording */
#define FIRST 0.5 /* seconds until the first numbers, however long the delay is */

static int attrs[TOP_NR_COLORS];

static void set_colors(void)
{
	static const struct {
		short fg, bg;
		int attr, without; /* without: on a terminal that has no colours */
	} looks[TOP_NR_COLORS] = {
		[TOP_C_PLAIN] = { -1, -1, 0, 0 },
		[TOP_C_STRONG] = { -1, -1, A_BOLD, A_BOLD },
		[TOP_C_FAINT] = { -1, -1, A_DIM, A_DIM },
		[TOP_C_ERROR] = { COLOR_RED, -1, A_BOLD, A_BOLD },
		[TOP_C_BANNER] = { COLOR_WHITE, COLOR_BLUE, A_BOLD, A_REVERSE },
		[TOP_C_TITLE] = { COLOR_BLACK, COLOR_GREEN, 0, A_REVERSE },
		[TOP_C_SORTED] = { COLOR_BLACK, COLOR_CYAN, 0, A_REVERSE | A_BOLD },
		[TOP_C_SELECTED] = { COLOR_BLACK, COLOR_CYAN, 0, A_REVERSE },
		[TOP_C_KEY] = { COLOR_BLACK, COLOR_CYAN, 0, A_REVERSE },
		[TOP_C_STAGE + CCW_TRANSLATE] = { COLOR_BLACK, COLOR_YELLOW, 0, 0 },
		[TOP_C_STAGE + CCW_START] = { COLOR_WHITE, COLOR_MAGENTA, 0, 0 },
		[TOP_C_STAGE + CCW_DEVICE] = { COLOR_WHITE, COLOR_BLUE, 0, 0 },
		[TOP_C_STAGE + CCW_DELIVER] = { COLOR_BLACK, COLOR_GREEN, 0, 0 },
		[TOP_C_HEAT + 0] = { COLOR_BLUE, -1, 0, A_DIM },
		[TOP_C_HEAT + 1] = { COLOR_BLUE, -1, A_BOLD, A_DIM },
		[TOP_C_HEAT + 2] = { COLOR_CYAN, -1, 0, 0 },
		[TOP_C_HEAT + 3] = { COLOR_GREEN, -1, 0, 0 },
		[TOP_C_HEAT + 4] = { COLOR_GREEN, -1, A_BOLD, 0 },
		[TOP_C_HEAT + 5] = { COLOR_YELLOW, -1, 0, A_BOLD },
		[TOP_C_HEAT + 6] = { COLOR_YELLOW, -1, A_BOLD, A_BOLD },
		[TOP_C_HEAT + 7] = { COLOR_RED, -1, A_BOLD, A_BOLD },
	};
	/* Of a terminal with 256 colours: from dark blue over green and yellow to red. */
	static const short ramp[TOP_HEAT_LEVELS] = { 25, 31, 36, 70, 142, 178, 208, 196 };
	const char *no_color = getenv("NO_COLOR");
	bool color = !(no_color && *no_color) && has_colors() && start_color() != ERR &&
		COLOR_PAIRS > TOP_NR_COLORS;
	bool defaults = color && use_default_colors() != ERR;
	int i;

	for (i = 0; i < TOP_NR_COLORS; i++) {
		short fg = looks[i].fg, bg = looks[i].bg;

		if (!color) {
			attrs[i] = looks[i].without;
			continue;
		}
		if (COLORS >= 256 && i >= TOP_C_HEAT)
			fg = ramp[i - TOP_C_HEAT];
		if (!defaults) {
			fg = fg < 0 ? COLOR_WHITE : fg;
			bg = bg < 0 ? COLOR_BLACK : bg;
		}
		init_pair(i + 1, fg, bg);
		attrs[i] = looks[i].attr | COLOR_PAIR(i + 1);
	}
}

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
	attrset(attrs[color]);
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
	attrset(attrs[color]);
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

void top_draw_head(const struct top_win *w)
{
	const struct top_view *v = w->v;
	const struct ccw_source_info *info = top_gather_info(v->gather);
	bool file = top_gather_is_file(v->gather);
	char left[256], clock[64], lost[64], totals[128];
	struct utsname u;
	int x;

	if (file) {
		const char *slash = strrchr(info->name, '/');

		snprintf(left, sizeof(left), "ccwtop  %s", slash ? slash + 1 : info->name);
	} else {
		uname(&u);
		snprintf(left, sizeof(left), "ccwtop  %s  %s %s", u.nodename, u.release, u.machine);
	}
	printable(left);
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
	if (*top_view_lost(v, lost, sizeof(lost)))
		x = top_put(w, 1, x, TOP_C_ERROR, "%s", lost) + 2;
	x = top_put(w, 1, x, TOP_C_PLAIN, "sorted by %s%s  ", v->sort->title,
		    v->reverse ? " reversed" : "");
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

static void draw(struct top_win *w)
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
	refresh();
}

/* Next or previous of the columns that are shown; of all, if the sorting one is not. */
static void move_sort(struct top_win *w, int step)
{
	const struct top_layout *l = &w->layout;
	int i, n = l->count;

	for (i = 0; i < n; i++) {
		if (l->place[i].col == w->v->sort)
			break;
	}
	if (!n)
		return;
	w->v->sort = l->place[i == n ? 0 : (i + step + n) % n].col;
	w->v->reverse = false;
	top_view_sort(w->v);
}

static void move_selection(struct top_win *w, int step)
{
	const struct top_model *m = &w->v->model;
	long i, n = m->count;

	if (!n)
		return;
	for (i = 0; w->selected && i < n; i++) {
		if (ccw_sch_key(m->rows[i].sch) == ccw_sch_key(w->sch))
			break;
	}
	if (w->selected && i < n)
		i += step;
	else
		i = step > 0 ? 0 : n - 1;
	i = i < 0 ? 0 : i >= n ? n - 1 : i;
	w->selected = true;
	w->sch = m->rows[i].sch;
}

bool top_select_some(struct top_win *w)
{
	if (!w->selected)
		move_selection(w, 1);
	return w->selected;
}

static void change_delay(struct top_view *v, int step)
{
	static const double steps[] = { 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60 };
	int i, n = sizeof(steps) / sizeof(*steps);

	if (step > 0) {
		for (i = 0; i < n - 1 && steps[i] <= v->delay; i++)
			;
	} else {
		for (i = n - 1; i > 0 && steps[i] >= v->delay; i--)
			;
	}
	v->delay = steps[i];
}

/* Keys of a player; false: not one of them, or nothing is played. */
static bool player_key(struct top_win *w, int key)
{
	struct top_view *v = w->v;

	if (!top_gather_is_file(v->gather))
		return false;
	switch (key) {
	case '[':
		w->seek--;
		break;
	case ']':
		w->seek++;
		break;
	case KEY_HOME:
		w->seek = -SEEK;
		break;
	case '{':
		if (v->speed > 0.01)
			v->speed /= 2;
		break;
	case '}':
		if (v->speed > 0 && v->speed < 1e6)
			v->speed *= 2;
		break;
	default:
		return false;
	}
	return true;
}

/* Keys that do the same in every view. */
static void common_key(struct top_win *w, int key, bool *quit)
{
	if (player_key(w, key))
		return;
	switch (key) {
	case 'q':
		*quit = true;
		break;
	case 'p':
		w->paused = !w->paused;
		break;
	case '+':
	case '=':
		change_delay(w->v, 1);
		break;
	case '-':
		change_delay(w->v, -1);
		break;
	case 'c':
		top_gather_clear(w->v->gather);
		break;
	case 'L' - '@':
		clearok(curscr, TRUE);
		break;
	case '?':
	case 'h':
	case KEY_F(1):
		w->before = w->mode;
		w->mode = TOP_HELP;
		break;
	}
}

static void table_key(struct top_win *w, int key, bool *quit)
{
	int page = w->rows > 8 ? w->rows - 8 : 1;

	switch (key) {
	case '<':
	case ',':
		move_sort(w, -1);
		break;
	case '>':
	case '.':
		move_sort(w, 1);
		break;
	case 'r':
		w->v->reverse = !w->v->reverse;
		top_view_sort(w->v);
		break;
	case KEY_UP:
	case 'k':
		move_selection(w, -1);
		break;
	case KEY_DOWN:
	case 'j':
		move_selection(w, 1);
		break;
	case KEY_PPAGE:
		move_selection(w, -page);
		break;
	case KEY_NPAGE:
		move_selection(w, page);
		break;
	case 27:
		w->selected = false;
		break;
	case '\r':
	case '\n':
	case KEY_ENTER:
		if (top_select_some(w))
			w->mode = TOP_DETAIL;
		break;
	default:
		common_key(w, key, quit);
	}
}

static void detail_key(struct top_win *w, int key, bool *quit)
{
	switch (key) {
	case 27:
	case '\r':
	case '\n':
	case KEY_ENTER:
	case KEY_BACKSPACE:
	case 127:
		w->mode = TOP_TABLE;
		break;
	case KEY_LEFT:
		w->stage = (w->stage + CCW_NR_STAGES - 1) % CCW_NR_STAGES;
		break;
	case KEY_RIGHT:
		w->stage = (w->stage + 1) % CCW_NR_STAGES;
		break;
	case 'v':
		w->panel = (w->panel + 1) % TOP_NR_PANELS;
		break;
	case KEY_UP:
	case 'k':
		move_selection(w, -1);
		break;
	case KEY_DOWN:
	case 'j':
		move_selection(w, 1);
		break;
	default:
		common_key(w, key, quit);
	}
}

/* Everything typed so far; returns how many keys that was. */
static int handle_keys(struct top_win *w, bool *drawn, bool *quit)
{
	int key, n = 0;

	while (!*quit && (key = getch()) != ERR) {
		n++;
		*drawn = false;
		if (key == KEY_RESIZE)
			continue;
		if (w->mode == TOP_HELP) {
			w->mode = w->before;
		} else if (top_view_key(w, key)) {
			continue;
		} else if (w->mode == TOP_DETAIL) {
			detail_key(w, key, quit);
		} else if (w->mode == TOP_TABLE) {
			table_key(w, key, quit);
		} else {
			common_key(w, key, quit);
		}
	}
	return n;
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
	bool drawn = false, quit = false, gone = false;
	unsigned long n = 0;
	int silent = 0;

	while (!quit && !gone && !*v->stop) {
		double now = top_now(), delay = v->delay;
		bool ended;
		int rc;

		rc = watch(w, err);
		if (rc)
			return rc;
		if (!drawn)
			draw(w);
		drawn = true;
		rc = wait_keys(next - now < SLICE ? next - now : SLICE, in, &gone);
		/* Readable without a key in it, again and again, is an end of file. */
		silent = handle_keys(w, &drawn, &quit) || !rc ? 0 : silent + 1;
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
		rc = look(w, err);
		if (rc)
			return rc;
		/* The end of a recording is shown once, when it is reached. */
		ended = top_gather_ended(v->gather);
		if (v->whole || (now < next && !ended))
			continue;
		next = now - next < v->delay ? next + v->delay : now + v->delay;
		if (w->paused)
			continue;
		rc = top_view_refresh(v, ended, err);
		if (rc)
			return rc;
		drawn = false;
		if (v->count && ++n >= v->count) {
			draw(w);
			quit = true;
		}
	}
	return 0;
}

int top_win_run(struct top_view *v, struct ccw_error *err)
{
	struct top_win w = { .v = v, .stage = CCW_TOTAL, .panel = TOP_P_TIME };
	FILE *in = isatty(STDIN_FILENO) ? stdin : fopen("/dev/tty", "re");
	SCREEN *screen;
	int rc;

	if (!in) {
		snprintf(err->text, sizeof(err->text),
			 "cannot read keys: standard input is not a terminal (use -b)");
		return -ENOTTY;
	}
	setlocale(LC_CTYPE, "");
	w.ascii = strcmp(nl_langinfo(CODESET), "UTF-8");
	screen = newterm(NULL, stdout, in);
	if (!screen) {
		snprintf(err->text, sizeof(err->text), "cannot draw on this terminal (use -b)");
		if (in != stdin)
			fclose(in);
		return -EINVAL;
	}
	set_colors();
	set_escdelay(25);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	rc = top_view_refresh(v, false, err);
	if (!rc)
		rc = loop(&w, fileno(in), err);
	endwin();
	delscreen(screen);
	if (in != stdin)
		fclose(in);
	return rc;
}
