/* SPDX-License-Identifier: GPL-2.0 */
/* The loop: one thread per subchannel, each with a device, guest memory and numbers of its own. */
#ifndef CCWIO_RUN_H
#define CCWIO_RUN_H

#include "tools/dev/error.h"
#include "options.h"

/* The program's text: -i FILE or the built-in's. *@text is to be freed. 0 or a negative errno. */
int run_text(const struct options *o, char **text, size_t *len, const char **name,
	     struct ccwio_error *err);

/*
 * Opens the devices, runs, prints. Returns the exit status of the program, or a negative errno with
 * a text where it could not even begin.
 */
int run(const struct options *o, struct ccwio_error *err);

#endif
