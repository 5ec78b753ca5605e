/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a verb writes to: standard output, or a file that appears under its name when it is whole.
 * A signal that ends the process (Ctrl-C) takes the unfinished file away. One at a time.
 */
#ifndef CCWTRACE_OUTPUT_H
#define CCWTRACE_OUTPUT_H

#include <stdio.h>
#include <sys/types.h>

struct output {
	FILE *file;
	const char *name; /* NULL: standard output */
	char *temp;
	mode_t mode;
};

/* name NULL or "-": standard output. EXIT_FINE, or EXIT_ERROR having said why. */
int output_open(struct output *o, const char *name);

/*
 * Ends it. code: what the verb came to; with EXIT_ERROR and EXIT_USAGE the file does not appear.
 * Returns code, or EXIT_ERROR if the output could not be written.
 */
int output_close(struct output *o, int code);

/* Removes an unfinished file; may be called in a signal handler that does not return. */
void output_discard(void);

#endif /* CCWTRACE_OUTPUT_H */
