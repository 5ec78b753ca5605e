/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that appear under their name when they are whole, or not at all.
 */
#ifndef CCWTOP_NEWFILE_H
#define CCWTOP_NEWFILE_H

#include <stdbool.h>
#include <stdio.h>

struct top_newfile {
	FILE *f;
	char *name, *temp;
};

/* 0 or a negative errno; nothing is left then. */
int top_newfile_open(struct top_newfile *n, const char *name);
/*
 * Gives it its name, and with replace that of a file that is there; without, -EEXIST is the answer
 * to that. Negative errno: it could not be written or named, nothing is left.
 */
int top_newfile_commit(struct top_newfile *n, bool replace);
void top_newfile_discard(struct top_newfile *n);

#endif /* CCWTOP_NEWFILE_H */
