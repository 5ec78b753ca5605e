// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace show
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/rows.h"

struct options {
	struct walk walk;
	struct ccw_filter *filter;
	enum row_format format;
	bool io, filtered, quiet;
};

enum { OPT_IO = OPT_LONG, OPT_SINCE, OPT_UNTIL, OPT_FILTER, OPT_FORMAT };

static const struct opt show_options[] = {
	OPT_INPUT,
	OPT_SUBCHANNEL,
	{ 'e', "event", "LIST", "event", "only these: NAME or SYSTEM:NAME, patterns as '*_ssch'" },
	{ OPT_SINCE, "since", "TIME", NULL,
	  "from so long after the first event (1.5, 20ms), or @TIME of the clock" },
	{ OPT_UNTIL, "until", "TIME", NULL, "up to then" },
	{ OPT_FILTER, "filter", "EXPR", NULL, "with --io: only I/Os like 'device_ns > 1ms'" },
	{ OPT_IO, "io", NULL, NULL, "one line for each I/O instead of each event" },
	{ 'n', "count", "N", NULL, "no more than N lines" },
	{ OPT_FORMAT, "format", "FORMAT", "text|csv|json",
	  "text (default), csv, json: an object a line" },
	OPT_QUIET,
	OPT_HELP,
	OPT_END
};

static int set_format(struct options *o, const char *name)
{
	static const char *const names[] = {
		[ROW_TEXT] = "text", [ROW_CSV] = "csv", [ROW_JSON] = "json",
	};

	for (o->format = 0; o->format < sizeof(names) / sizeof(*names); o->format++) {
		if (!strcmp(name, names[o->format]))
			return EXIT_FINE;
	}
	return usage_error("show", "no format '%s': want text, csv or json", name);
}

static int set_select(struct options *o, const char *option, const char *text,
		      int (*set)(struct ccw_select *sel, const char *text, struct ccw_error *err))
{
	struct ccw_error err = { "" };

	if (!o->walk.select)
		o->walk.select = ccw_select_new();
	if (!o->walk.select || set(o->walk.select, text, &err))
		return usage_error("show", "%s %s: %s", option, text,
				   err.text[0] ? err.text : "out of memory");
	return EXIT_FINE;
}

static int set_count(struct options *o, const char *text)
{
	char *end;

	errno = 0;
	o->walk.count = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || !o->walk.count)
		return usage_error("show", "-n %s: want a number from 1 up", text);
	return EXIT_FINE;
}

static int set_option(struct options *o, int c, const struct opt_parser *p)
{
	switch (c) {
	case 'i':
		o->walk.path = p->arg;
		return EXIT_FINE;
	case 's':
		return add_subchannels("show", &o->filter, p->arg);
	case 'e':
		if (walk_add_events(&o->walk, (char *)p->arg))
			return usage_error("show", "-e: more than %d events", WALK_MAX_EVENTS);
		return EXIT_FINE;
	case OPT_SINCE:
		return set_select(o, "--since", p->arg, ccw_select_since);
	case OPT_UNTIL:
		return set_select(o, "--until", p->arg, ccw_select_until);
	case OPT_FILTER:
		o->filtered = true;
		return set_select(o, "--filter", p->arg, ccw_select_add);
	case OPT_IO:
		o->io = true;
		return EXIT_FINE;
	case 'n':
		return set_count(o, p->arg);
	case OPT_FORMAT:
		return set_format(o, p->arg);
	case 'q':
		o->quiet = true;
		return EXIT_FINE;
	default:
		return usage_error("show", "%s", p->error);
	}
}

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	int c, rc;

	opt_start(&p, show_options, argc, argv);
	p.mixed = true;
	while ((c = opt_next(&p)) != OPT_DONE) {
		if (c == 'h') {
			*done = true;
			return verb_help(&verb_show);
		}
		rc = set_option(o, c, &p);
		if (rc)
			return rc;
	}
	if (optind < argc)
		o->walk.path = argv[optind++];
	if (optind < argc)
		return usage_error("show", "'%s' is too much: one recording at a time",
				   argv[optind]);
	if (o->io && o->walk.nr_events)
		return usage_error("show", "--io shows I/Os, -e chooses events: one of them");
	if (o->filtered && !o->io)
		return usage_error("show", "--filter chooses I/Os: want --io as well");
	return EXIT_FINE;
}

static int completeness(const struct options *o)
{
	const struct ccw_source_info *info = &o->walk.info;
	bool lost = info->lost || info->lost_unknown;

	if (o->walk.stopped)
		return EXIT_FINE; /* nobody looked at the rest */
	if (lost && !o->quiet)
		warn("%s: events were lost while it was recorded", o->walk.path);
	if (info->truncated && !o->quiet)
		warn("%s: not complete: %s", o->walk.path, info->note);
	return lost || info->truncated ? EXIT_INCOMPLETE : EXIT_FINE;
}

static int run(struct options *o)
{
	static const struct walk_ops events = {
		.begin = rows_event_head, .event = rows_event, .lost = rows_event_lost,
	};
	static const struct walk_ops ios = {
		.begin = rows_io_head, .io = rows_io, .lost = rows_io_lost,
	};
	struct rows rows = { .out = stdout, .format = o->format, .walk = &o->walk };
	struct ccw_error err = { "" };
	int rc;

	o->walk.filter = o->filter;
	catch_bus_error();
	rc = walk(&o->walk, o->io ? &ios : &events, &rows, &err);
	if (ferror(stdout))
		return finish_output(EXIT_ERROR);
	if (rc) {
		warn("%s", err.text);
		return EXIT_ERROR;
	}
	return finish_output(completeness(o));
}

static int run_verb(int argc, char **argv)
{
	struct options o = { .walk.path = DEFAULT_FILE };
	bool done = false;
	int code = parse(&o, argc, argv, &done);

	if (!code && !done)
		code = run(&o);
	ccw_filter_free(o.filter);
	ccw_select_free(o.walk.select);
	return code;
}

const struct verb verb_show = {
	.name = "show",
	.operands = "[FILE]",
	.summary = "every event or every I/O of a recording, line by line",
	.about = "Every event of a recording as a line, or with --io every I/O. Reads recordings\n"
		 "of any events, of ccwtrace and of trace-cmd.",
	.options = show_options,
	.run = run_verb,
};
