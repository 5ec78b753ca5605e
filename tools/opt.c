// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <getopt.h>
#include <string.h>
#include <sys/ioctl.h>

#include "tools/opt.h"

/* Of a terminal, for lines that are read rather than looked up. */
#define MIN_COLUMNS 60
#define MAX_COLUMNS 100

void opt_start(struct opt_parser *p, const struct opt *table, int argc, char **argv)
{
	*p = (struct opt_parser){ .table = table, .argc = argc, .argv = argv };
	optind = 0; /* getopt forgets where it was */
	opterr = 0;
}

static void fail(struct opt_parser *p, int c)
{
	const char *what = p->argv[optind - 1];
	char letter[3] = { '-', optopt, 0 };

	/* The letter may stand within a word of several; a long option has no letter of its own. */
	if (optopt && optopt < OPT_LONG && strncmp(what, "--", 2))
		what = letter;
	snprintf(p->error, sizeof(p->error),
		 c == ':' ? "%.60s wants an argument" : "no option %.60s", what);
}

int opt_next(struct opt_parser *p)
{
	struct option longs[OPT_MAX + 1] = { { NULL, 0, NULL, 0 } };
	char shorts[2 * OPT_MAX + 3] = "+:", *s = shorts + 2;
	const struct opt *o;
	int n = 0, c;

	for (o = p->table; o->name; o++) {
		assert(n < OPT_MAX);
		longs[n++] = (struct option){ o->name, o->arg ? required_argument : no_argument,
					      NULL, o->c };
		if (o->c < OPT_LONG) {
			*s++ = o->c;
			if (o->arg)
				*s++ = ':';
		}
	}
	*s = 0;
	c = getopt_long(p->argc, p->argv, shorts + p->mixed, longs, NULL);
	p->arg = optarg;
	if (c == -1)
		return OPT_DONE;
	if (c == ':' || c == '?') {
		fail(p, c);
		return OPT_BAD;
	}
	return c;
}

static int columns(FILE *f)
{
	struct winsize size = { .ws_col = 0 };

	if (ioctl(fileno(f), TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col < MIN_COLUMNS ? MIN_COLUMNS :
	       size.ws_col > MAX_COLUMNS ? MAX_COLUMNS : size.ws_col;
}

void opt_wrap(const char *text, int at, int indent, FILE *f)
{
	int width = columns(f), len;

	for (;;) {
		text += strspn(text, " \n");
		if (!*text)
			break;
		len = strcspn(text, " \n");
		if (at > indent && at + 1 + len >= width) {
			fputc('\n', f);
			at = 0;
		}
		if (at < indent)
			fprintf(f, "%*s", indent - at, "");
		else if (at > indent)
			fputc(' ', f);
		at = at < indent ? indent : at > indent ? at + 1 : at;
		fwrite(text, 1, len, f);
		at += len;
		text += len;
	}
	fputc('\n', f);
}

void opt_help(const struct opt *table, FILE *f)
{
	const struct opt *o;
	int width = 0, len;

	for (o = table; o->name; o++) {
		len = strlen(o->name) + (o->arg ? 1 + strlen(o->arg) : 0);
		width = len > width ? len : width;
	}
	for (o = table; o->name; o++) {
		if (o->c < OPT_LONG)
			len = fprintf(f, "  -%c, --%s", o->c, o->name);
		else
			len = fprintf(f, "      --%s", o->name);
		if (o->arg)
			len += fprintf(f, " %s", o->arg);
		opt_wrap(o->help, len, width + 10, f);
	}
}

void opt_dump(const struct opt *table, const char *what, FILE *f)
{
	const struct opt *o;

	for (o = table; o->name; o++) {
		char letter[3] = { '-', o->c < OPT_LONG ? o->c : 0, 0 };

		fprintf(f, "%s\t%s\t--%s\t%s\t%s\n", what, letter, o->name, o->arg ? o->arg : "-",
			o->values ? o->values : "-");
	}
}
