/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One table of options, from which come parsing (getopt_long), the help text, the shells'
 * completion and the check that the manual page has a paragraph for each.
 */
#ifndef TOOLS_OPT_H
#define TOOLS_OPT_H

#include <stdbool.h>
#include <stdio.h>

#define OPT_MAX 63 /* options of a table */
#define OPT_LONG 256 /* first number of an option without a letter */

struct opt {
	int c; /* letter, or OPT_LONG and up */
	const char *name; /* long name without dashes */
	const char *arg; /* what its argument is called in the help; NULL: takes none */
	/*
	 * What the argument can be, for the shells: "file", "dir", "subchannel", "event",
	 * "command", or the words themselves, "text|json|csv". NULL: nothing to complete.
	 */
	const char *values;
	const char *help; /* is broken into lines as wide as the terminal */
};

#define OPT_HELP { 'h', "help", NULL, NULL, "this text" }
#define OPT_END { 0, NULL, NULL, NULL, NULL }

enum {
	OPT_DONE = -1, /* no more options: optind is the first operand */
	OPT_BAD = -2, /* not in the table, or its argument is missing: error says which */
};

struct opt_parser {
	const struct opt *table;
	int argc;
	char **argv;
	const char *arg; /* of the option that came last */
	bool mixed; /* options may follow operands; set it after opt_start() */
	char error[96]; /* "no option --colour", "-o wants an argument" */
};

/* argv[0] is the command or its verb. The table ends with OPT_END. */
void opt_start(struct opt_parser *p, const struct opt *table, int argc, char **argv);

/*
 * The next option's c, OPT_DONE or OPT_BAD. The first operand or "--" ends the options; with
 * mixed, "--" alone: the operands are at the end of argv then.
 */
int opt_next(struct opt_parser *p);

/*
 * Prints a text in lines as wide as the terminal that f is, else of 80 columns, all but the first
 * indented; of the first, so many columns are taken already.
 */
void opt_wrap(const char *text, int at, int indent, FILE *f);

void opt_help(const struct opt *table, FILE *f);

/* A line for each option: WHAT, "-c" or "-", "--name", ARG or "-", VALUES or "-", by tabs. */
void opt_dump(const struct opt *table, const char *what, FILE *f);

#endif /* TOOLS_OPT_H */
