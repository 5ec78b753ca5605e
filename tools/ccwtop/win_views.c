// SPDX-License-Identifier: GPL-2.0
/*
 * What views share: choosing one, scrolling, areas, characters that show a size.
 */
#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtop/win.h"

static const char *const names[] = { "Table", "Detail", "Errors", "Paths", "Log" };

#define NR_VIEWS ((int)(sizeof(names) / sizeof(*names)))

int top_put_glyph(const struct top_win *w, int y, int x, enum top_color color, const char *glyph)
{
	return x < w->cols ? top_put_raw(y, x, color, glyph) : x;
}

const char *top_shade(const struct top_win *w, int level)
{
	static const char *const ascii[] = { ".", ":", "-", "=", "+", "*", "#", "@" };
	static const char *const utf8[] = {
		"░", "░", "▒", "▒", "▓", "▓", "█", "█"
	};

	return (w->ascii ? ascii : utf8)[level];
}

const char *top_bar(const struct top_win *w, int level)
{
	static const char *const ascii[] = { "_", ".", "-", "=", "+", "*", "#", "@" };
	static const char *const utf8[] = {
		"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"
	};

	return (w->ascii ? ascii : utf8)[level];
}

void top_put_views(const struct top_win *w, const char *const *keys)
{
	int y = w->rows - 1, x = 0, i;

	top_fill(w, y, TOP_C_PLAIN);
	for (i = 0; i < NR_VIEWS; i++) {
		x = top_put(w, y, x, TOP_C_STRONG, "%d", i + 1);
		x = top_put(w, y, x, i == (int)w->mode ? TOP_C_SORTED : TOP_C_KEY, "%s",
			    names[i]) + 1;
	}
	top_put_keys(w, x + 1, keys);
}

size_t top_scroll(struct top_win *w, size_t count, int rows)
{
	size_t *at = &w->at[w->mode], most = rows > 0 && count > (size_t)rows ? count - rows : 0;

	if (*at > most)
		*at = most;
	return *at;
}

static int area_vput(const struct top_area *a, int y, int x, enum top_color color, const char *fmt,
		     va_list ap)
{
	char text[TOP_MAX_WIDTH + 1];
	int n = vsnprintf(text, sizeof(text), fmt, ap);

	if (n < 0 || y < 0 || y >= a->rows || x >= a->cols)
		return x;
	if (n > a->cols - x)
		n = a->cols - x;
	top_put(a->w, a->y + y, a->x + x, color, "%.*s", n, text);
	return x + n;
}

int top_area_put(const struct top_area *a, int y, int x, enum top_color color, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	x = area_vput(a, y, x, color, fmt, ap);
	va_end(ap);
	return x;
}

void top_area_title(const struct top_area *a, const char *fmt, ...)
{
	va_list ap;

	top_area_put(a, 0, 0, TOP_C_TITLE, "%*s", a->cols, "");
	va_start(ap, fmt);
	area_vput(a, 0, 0, TOP_C_TITLE, fmt, ap);
	va_end(ap);
}
