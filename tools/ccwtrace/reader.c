// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/reader.h"

int reader_init(struct reader *r, const char *verb)
{
	*r = (struct reader){ .verb = verb, .path = DEFAULT_FILE };
	r->select = ccw_select_new();
	if (r->select)
		return EXIT_FINE;
	warn("out of memory");
	return EXIT_ERROR;
}

void reader_free(struct reader *r)
{
	ccw_select_free(r->select);
	ccw_filter_free(r->filter);
}

static int set_format(struct reader *r, const char *name)
{
	static const char *const names[] = { "text", "csv", "json" };
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(name, names[i]))
			continue;
		r->format = i;
		return EXIT_FINE;
	}
	return usage_error(r->verb, "no format '%s': want text, csv or json", name);
}

int reader_number(const char *verb, const char *option, const char *arg, unsigned long max,
		  unsigned long *n)
{
	char *end;

	errno = 0;
	*n = strtoul(arg, &end, 10);
	if (errno || *end || *arg < '0' || *arg > '9' || !*n || *n > max)
		return usage_error(verb, "%s %s: want a number from 1 to %lu", option, arg, max);
	return EXIT_FINE;
}

static int selection(struct reader *r, int c, const char *arg)
{
	struct ccw_error err = { "" };
	int rc;

	if (c == OPT_FILTER)
		rc = ccw_select_add(r->select, arg, &err);
	else if (c == OPT_SINCE)
		rc = ccw_select_since(r->select, arg, &err);
	else
		rc = ccw_select_until(r->select, arg, &err);
	return rc ? usage_error(r->verb, "%s", err.text) : EXIT_FINE;
}

int reader_option(struct reader *r, int c, const char *arg)
{
	unsigned long n;

	switch (c) {
	case 'i':
		r->path = arg;
		r->named = true;
		return EXIT_FINE;
	case 's':
		return add_subchannels(r->verb, &r->filter, arg);
	case OPT_FILTER:
	case OPT_SINCE:
	case OPT_UNTIL:
		return selection(r, c, arg);
	case OPT_FORMAT:
		return set_format(r, arg);
	case OPT_THREADS:
		if (reader_number(r->verb, "--threads", arg, CCW_SCAN_THREADS, &n))
			return EXIT_USAGE;
		r->threads = n;
		return EXIT_FINE;
	case 'q':
		r->quiet = true;
		return EXIT_FINE;
	case 'v':
		r->verbose = true;
		return EXIT_FINE;
	}
	return -1;
}

int reader_operands(struct reader *r, int argc, char **argv)
{
	int n = argc - optind;

	if (n > 1 || (n && r->named))
		return usage_error(r->verb, "'%s' is too much: one recording at a time",
				   argv[r->named ? optind : optind + 1]);
	if (n)
		r->path = argv[optind];
	return EXIT_FINE;
}

int reader_parse(struct reader *r, const struct verb *v, int argc, char **argv,
		 int (*more)(void *ctx, int c, const char *arg), void *ctx, bool *done)
{
	struct opt_parser p;
	int c, rc;

	opt_start(&p, v->options, argc, argv);
	p.mixed = true;
	while ((c = opt_next(&p)) != OPT_DONE) {
		if (c == OPT_BAD)
			return usage_error(v->name, "%s", p.error);
		if (c == 'h') {
			*done = true;
			return verb_help(v);
		}
		rc = more ? more(ctx, c, p.arg) : -1;
		if (rc < 0)
			rc = reader_option(r, c, p.arg);
		if (rc)
			return rc < 0 ? EXIT_USAGE : rc;
	}
	return EXIT_FINE;
}

int reader_gather(const struct reader *r, struct report *report)
{
	struct ccw_error err = { "" };

	catch_bus_error();
	report->path = r->path;
	report->verbose = r->verbose;
	report->scan.filter = r->filter;
	report->scan.threads = r->threads;
	report->select = r->select;
	if (!report_gather(report, &err))
		return EXIT_FINE;
	warn("%s", err.text);
	return EXIT_ERROR;
}

int reader_complete(const struct reader *r, const struct ccw_source_info *info)
{
	int code = EXIT_FINE;

	if (info->lost || info->lost_unknown) {
		if (!r->quiet)
			warn("%s: events were lost while it was recorded, the numbers are too low",
			     info->name);
		code = EXIT_INCOMPLETE;
	}
	if (info->truncated) {
		if (!r->quiet)
			warn("%s: not complete: %s", info->name, info->note);
		code = EXIT_INCOMPLETE;
	}
	return code;
}
