/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Colour schemes: what each kind of text looks like, on terminals with 256 colours, 8, and none.
 */
#ifndef CCWTOP_THEME_H
#define CCWTOP_THEME_H

#include <stdbool.h>

enum top_theme {
	TOP_THEME_DEFAULT, /* for either background */
	TOP_THEME_DARK,
	TOP_THEME_LIGHT,
	TOP_THEME_MONO,
	TOP_NR_THEMES
};

const char *top_theme_name(enum top_theme theme);
int top_theme_parse(const char *name, enum top_theme *theme); /* 0 or -EINVAL */

/* Whether NO_COLOR asks for mono where nobody named a scheme (no-color.org). */
bool top_theme_no_color(void);

/* Within curses. A terminal that has no colours is mono whatever is asked for. */
void top_theme_set(enum top_theme theme);
/* attribute of curses for an enum top_color */
int top_theme_attr(int color);

#endif /* CCWTOP_THEME_H */
