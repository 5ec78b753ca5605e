// SPDX-License-Identifier: GPL-2.0
#include <assert.h>
#include <getopt.h>
#include <string.h>

#include "tools/opt.h"

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

void opt_help(const struct opt *table, FILE *f)
{
	const struct opt *o;
	int width = 0, len;

	for (o = table; o->name; o++) {
		len = strlen(o->name) + (o->arg ? 1 + strlen(o->arg) : 0);
		width = len > width ? len : width;
	}
	for (o = table; o->name; o++) {
		const char *text = o->help, *end;

		if (o->c < OPT_LONG)
			len = fprintf(f, "  -%c, --%s", o->c, o->name);
		else
			len = fprintf(f, "      --%s", o->name);
		if (o->arg)
			len += fprintf(f, " %s", o->arg);
		for (;;) {
			end = strchrnul(text, '\n');
			fprintf(f, "%*s%.*s\n", width + 10 - len, "", (int)(end - text), text);
			if (!*end)
				break;
			text = end + 1;
			len = 0;
		}
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
