/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a person wants the screen to be like: from a file, by keys, back into the file. It concerns
 * the screen alone; what a batch or the exporter writes depends on the command line only.
 */
#ifndef CCWTOP_CONFIG_H
#define CCWTOP_CONFIG_H

#include <stdbool.h>

#include "tools/ccwtop/table.h"
#include "tools/ccwtop/theme.h"
#include "trace/ccw_source.h"

/* What is not given is 0, NULL or, where 0 means something, -1. */
struct top_config {
	double delay; /* seconds */
	const struct top_column *sort;
	bool reverse;
	struct top_selection columns;
	int theme; /* enum top_theme */
	int ascii, mouse, readonly;
};

#define TOP_CONFIG_NONE { .theme = -1, .ascii = -1, .mouse = -1, .readonly = -1 }

/*
 * Where the file is: $XDG_CONFIG_HOME/ccwtop/ccwtoprc, else ~/.config/ccwtop/ccwtoprc (XDG base
 * directories). To be freed; NULL: nobody's, neither variable is set.
 */
char *top_config_path(void);

/*
 * Sets what the file says, leaves the rest. A file that is not there is fine unless it must be. 0
 * or a negative errno with err: the file, the line, what is wrong.
 */
int top_config_read(struct top_config *c, const char *path, bool must, struct ccw_error *err);

/* Replaces the file, or makes it and its directories; whole or not at all. 0 or -errno. */
int top_config_write(const struct top_config *c, const char *path, struct ccw_error *err);

/* What is not given in c comes from more. */
void top_config_complete(struct top_config *c, const struct top_config *more);

#endif /* CCWTOP_CONFIG_H */
