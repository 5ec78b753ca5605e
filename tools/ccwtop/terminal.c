// SPDX-License-Identifier: GPL-2.0
/*
 * Whether there is a terminal that can be drawn on. Apart from the rest, because term.h defines
 * short words as macros.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/ccwtop/win.h"

#include <curses.h>
#include <term.h>

int top_win_check(struct ccw_error *err)
{
	const char *term = getenv("TERM");
	struct winsize ws;
	bool movable;
	int found;

	if (!isatty(STDOUT_FILENO))
		return -ENOTTY;
	if (!term || !*term) {
		snprintf(err->text, sizeof(err->text),
			 "cannot draw on this terminal: TERM is not set (set it, e.g. TERM=xterm, "
			 "or use -b)");
		return -EINVAL;
	}
	if (setupterm(NULL, STDOUT_FILENO, &found) == ERR) {
		snprintf(err->text, sizeof(err->text),
			 "cannot draw on this terminal: TERM is %.40s, which is not known here "
			 "(set it to a known one, e.g. TERM=xterm, or use -b)", term);
		return -EINVAL;
	}
	movable = cursor_address;
	del_curterm(cur_term);
	if (!movable) {
		snprintf(err->text, sizeof(err->text),
			 "cannot draw on this terminal: TERM is %.40s, which cannot move its "
			 "cursor (set it to what the terminal is, e.g. TERM=xterm, or use -b)",
			 term);
		return -EINVAL;
	}
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) && ws.ws_row && ws.ws_col &&
	    (ws.ws_row < TOP_MIN_ROWS || ws.ws_col < TOP_MIN_COLS)) {
		snprintf(err->text, sizeof(err->text),
			 "the terminal is too small: %ux%u, ccwtop needs %dx%d (enlarge it, or "
			 "use -b)",
			 ws.ws_col, ws.ws_row, TOP_MIN_COLS, TOP_MIN_ROWS);
		return -ENOSPC;
	}
	return 0;
}
