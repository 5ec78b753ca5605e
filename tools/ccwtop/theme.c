// SPDX-License-Identifier: GPL-2.0
#include <curses.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/theme.h"
#include "tools/ccwtop/win.h"

/* -1: the terminal's own */
struct look {
	short fg, bg;
	int attr;
};

static const char *const names[TOP_NR_THEMES] = {
	[TOP_THEME_DEFAULT] = "default",
	[TOP_THEME_DARK] = "dark",
	[TOP_THEME_LIGHT] = "light",
	[TOP_THEME_MONO] = "mono",
};

static const struct look default_looks[TOP_NR_COLORS] = {
	[TOP_C_PLAIN] = { -1, -1, 0 },
	[TOP_C_STRONG] = { -1, -1, A_BOLD },
	[TOP_C_FAINT] = { -1, -1, A_DIM },
	[TOP_C_ERROR] = { COLOR_RED, -1, A_BOLD },
	[TOP_C_BANNER] = { COLOR_WHITE, COLOR_BLUE, A_BOLD },
	[TOP_C_TITLE] = { COLOR_BLACK, COLOR_GREEN, 0 },
	[TOP_C_SORTED] = { COLOR_BLACK, COLOR_CYAN, 0 },
	[TOP_C_SELECTED] = { COLOR_BLACK, COLOR_CYAN, 0 },
	[TOP_C_KEY] = { COLOR_BLACK, COLOR_CYAN, 0 },
	[TOP_C_MARKED] = { COLOR_YELLOW, -1, A_BOLD },
	[TOP_C_STAGE + CCW_TRANSLATE] = { COLOR_BLACK, COLOR_YELLOW, 0 },
	[TOP_C_STAGE + CCW_START] = { COLOR_WHITE, COLOR_MAGENTA, 0 },
	[TOP_C_STAGE + CCW_DEVICE] = { COLOR_WHITE, COLOR_BLUE, 0 },
	[TOP_C_STAGE + CCW_DELIVER] = { COLOR_BLACK, COLOR_GREEN, 0 },
};

/* Bright letters instead of dark areas; nothing in blue, which is hard to read on black. */
static const struct look dark_looks[TOP_NR_COLORS] = {
	[TOP_C_PLAIN] = { COLOR_WHITE, COLOR_BLACK, 0 },
	[TOP_C_STRONG] = { COLOR_WHITE, COLOR_BLACK, A_BOLD },
	[TOP_C_FAINT] = { COLOR_CYAN, COLOR_BLACK, A_DIM },
	[TOP_C_ERROR] = { COLOR_RED, COLOR_BLACK, A_BOLD },
	[TOP_C_BANNER] = { COLOR_CYAN, COLOR_BLACK, A_BOLD },
	[TOP_C_TITLE] = { COLOR_GREEN, COLOR_BLACK, A_BOLD | A_UNDERLINE },
	[TOP_C_SORTED] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD | A_UNDERLINE },
	[TOP_C_SELECTED] = { COLOR_BLACK, COLOR_WHITE, 0 },
	[TOP_C_KEY] = { COLOR_CYAN, COLOR_BLACK, 0 },
	[TOP_C_MARKED] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
	[TOP_C_STAGE + CCW_TRANSLATE] = { COLOR_YELLOW, COLOR_BLACK, A_BOLD },
	[TOP_C_STAGE + CCW_START] = { COLOR_MAGENTA, COLOR_BLACK, A_BOLD },
	[TOP_C_STAGE + CCW_DEVICE] = { COLOR_CYAN, COLOR_BLACK, A_BOLD },
	[TOP_C_STAGE + CCW_DELIVER] = { COLOR_GREEN, COLOR_BLACK, A_BOLD },
};

/* Nothing in yellow or bright letters, which vanish on white. */
static const struct look light_looks[TOP_NR_COLORS] = {
	[TOP_C_PLAIN] = { COLOR_BLACK, COLOR_WHITE, 0 },
	[TOP_C_STRONG] = { COLOR_BLUE, COLOR_WHITE, 0 },
	[TOP_C_FAINT] = { COLOR_BLACK, COLOR_WHITE, A_DIM },
	[TOP_C_ERROR] = { COLOR_RED, COLOR_WHITE, 0 },
	[TOP_C_BANNER] = { COLOR_WHITE, COLOR_BLUE, 0 },
	[TOP_C_TITLE] = { COLOR_WHITE, COLOR_BLACK, 0 },
	[TOP_C_SORTED] = { COLOR_WHITE, COLOR_MAGENTA, 0 },
	[TOP_C_SELECTED] = { COLOR_WHITE, COLOR_BLUE, 0 },
	[TOP_C_KEY] = { COLOR_WHITE, COLOR_BLACK, 0 },
	[TOP_C_MARKED] = { COLOR_MAGENTA, COLOR_WHITE, 0 },
	[TOP_C_STAGE + CCW_TRANSLATE] = { COLOR_BLACK, COLOR_YELLOW, 0 },
	[TOP_C_STAGE + CCW_START] = { COLOR_WHITE, COLOR_MAGENTA, 0 },
	[TOP_C_STAGE + CCW_DEVICE] = { COLOR_WHITE, COLOR_BLUE, 0 },
	[TOP_C_STAGE + CCW_DELIVER] = { COLOR_BLACK, COLOR_GREEN, 0 },
};

static const struct look mono_looks[TOP_NR_COLORS] = {
	[TOP_C_STRONG].attr = A_BOLD,
	[TOP_C_FAINT].attr = A_DIM,
	[TOP_C_ERROR].attr = A_BOLD,
	[TOP_C_BANNER].attr = A_REVERSE,
	[TOP_C_TITLE].attr = A_REVERSE,
	[TOP_C_SORTED].attr = A_REVERSE | A_BOLD,
	[TOP_C_SELECTED].attr = A_REVERSE,
	[TOP_C_KEY].attr = A_REVERSE,
	[TOP_C_MARKED].attr = A_BOLD,
};

static const struct look *const looks[TOP_NR_THEMES] = {
	[TOP_THEME_DEFAULT] = default_looks,
	[TOP_THEME_DARK] = dark_looks,
	[TOP_THEME_LIGHT] = light_looks,
	[TOP_THEME_MONO] = mono_looks,
};

/* Heat: of 256 colours one, else one of eight; on no colours the weight of the letters. */
static const struct heat {
	short of256[TOP_HEAT_LEVELS], of8[TOP_HEAT_LEVELS];
	int attr[TOP_HEAT_LEVELS];
} heats[TOP_NR_THEMES] = {
	[TOP_THEME_DEFAULT] = {
		{ 25, 31, 36, 70, 142, 178, 208, 196 },
		{ COLOR_BLUE, COLOR_BLUE, COLOR_CYAN, COLOR_GREEN, COLOR_GREEN, COLOR_YELLOW,
		  COLOR_YELLOW, COLOR_RED },
		{ 0, A_BOLD, 0, 0, A_BOLD, 0, A_BOLD, A_BOLD },
	},
	[TOP_THEME_DARK] = {
		{ 31, 37, 43, 77, 148, 220, 214, 203 },
		{ COLOR_CYAN, COLOR_CYAN, COLOR_GREEN, COLOR_GREEN, COLOR_YELLOW, COLOR_YELLOW,
		  COLOR_MAGENTA, COLOR_RED },
		{ 0, A_BOLD, 0, A_BOLD, 0, A_BOLD, A_BOLD, A_BOLD },
	},
	[TOP_THEME_LIGHT] = {
		{ 153, 117, 75, 69, 63, 128, 161, 160 },
		{ COLOR_CYAN, COLOR_CYAN, COLOR_GREEN, COLOR_GREEN, COLOR_BLUE, COLOR_BLUE,
		  COLOR_MAGENTA, COLOR_RED },
		{ 0 },
	},
	[TOP_THEME_MONO].attr = { A_DIM, A_DIM, 0, 0, 0, A_BOLD, A_BOLD, A_BOLD },
};

static int attrs[TOP_NR_COLORS];

const char *top_theme_name(enum top_theme theme)
{
	return names[theme];
}

int top_theme_parse(const char *name, enum top_theme *theme)
{
	int i;

	for (i = 0; i < TOP_NR_THEMES; i++) {
		if (!strcmp(name, names[i])) {
			*theme = i;
			return 0;
		}
	}
	return -EINVAL;
}

bool top_theme_no_color(void)
{
	const char *no_color = getenv("NO_COLOR");

	return no_color && *no_color;
}

static struct look look_of(enum top_theme theme, int color)
{
	if (color >= TOP_C_HEAT) {
		const struct heat *h = &heats[theme];
		int level = color - TOP_C_HEAT;

		return (struct look){
			COLORS >= 256 ? h->of256[level] : h->of8[level],
			looks[theme][TOP_C_PLAIN].bg,
			COLORS >= 256 && theme != TOP_THEME_MONO ? 0 : h->attr[level],
		};
	}
	return looks[theme][color];
}

void top_theme_set(enum top_theme theme)
{
	bool defaults;
	int i;

	if (theme != TOP_THEME_MONO &&
	    (!has_colors() || start_color() == ERR || COLOR_PAIRS <= TOP_NR_COLORS))
		theme = TOP_THEME_MONO;
	defaults = theme != TOP_THEME_MONO && use_default_colors() != ERR;
	for (i = 0; i < TOP_NR_COLORS; i++) {
		struct look l = look_of(theme, i);

		attrs[i] = l.attr;
		if (theme == TOP_THEME_MONO)
			continue;
		if (!defaults) {
			l.fg = l.fg < 0 ? COLOR_WHITE : l.fg;
			l.bg = l.bg < 0 ? COLOR_BLACK : l.bg;
		}
		init_pair(i + 1, l.fg, l.bg);
		attrs[i] |= COLOR_PAIR(i + 1);
	}
	bkgdset(' ' | attrs[TOP_C_PLAIN]);
}

int top_theme_attr(int color)
{
	return attrs[color];
}
