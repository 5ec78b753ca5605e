// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace report
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/report.h"

static const struct {
	const char *name;
	int (*print)(const struct report *r, FILE *f);
} formats[] = {
	{ "text", report_text },
	{ "csv", report_csv },
	{ "json", report_json },
};

struct options {
	struct report report;
	struct ccw_filter *filter;
	size_t format;
	bool quiet;
};

enum { OPT_FORMAT = OPT_LONG };

static const struct opt report_options[] = {
	OPT_INPUT,
	OPT_SUBCHANNEL,
	{ OPT_FORMAT, "format", "FORMAT", "text|csv|json", "text (default), csv, json" },
	OPT_QUIET,
	{ 'v', "verbose", NULL, NULL, "more columns, status bits and condition codes" },
	OPT_HELP,
	OPT_END
};

static int set_format(struct options *o, const char *name)
{
	for (o->format = 0; o->format < sizeof(formats) / sizeof(*formats); o->format++) {
		if (!strcmp(name, formats[o->format].name))
			return EXIT_FINE;
	}
	return usage_error("report", "no format '%s': want text, csv or json", name);
}

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	int c, rc;

	opt_start(&p, report_options, argc, argv);
	while ((c = opt_next(&p)) != OPT_DONE) {
		rc = EXIT_FINE;
		switch (c) {
		case 'i':
			o->report.path = p.arg;
			break;
		case 's':
			rc = add_subchannels("report", &o->filter, p.arg);
			break;
		case OPT_FORMAT:
			rc = set_format(o, p.arg);
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'v':
			o->report.verbose = true;
			break;
		case 'h':
			*done = true;
			return verb_help(&verb_report);
		default:
			return usage_error("report", "%s", p.error);
		}
		if (rc)
			return rc;
	}
	if (optind < argc)
		return usage_error("report", "'%s' is too much: name the recording with -i",
				   argv[optind]);
	return EXIT_FINE;
}

static int completeness(const struct options *o)
{
	const struct report *r = &o->report;
	int code = EXIT_FINE;

	if (r->scan.nr_losses) {
		if (!o->quiet)
			warn("%s: events were lost while it was recorded, the numbers are too low",
			     r->path);
		code = EXIT_INCOMPLETE;
	}
	if (r->info.truncated) {
		if (!o->quiet)
			warn("%s: not complete: %s", r->path, r->info.note);
		code = EXIT_INCOMPLETE;
	}
	return code;
}

static int run(struct options *o)
{
	struct ccw_error err = { "" };

	catch_bus_error();
	if (report_gather(&o->report, &err)) {
		warn("%s", err.text);
		return EXIT_ERROR;
	}
	if (formats[o->format].print(&o->report, stdout)) {
		warn("%s: out of memory for the report", o->report.path);
		return EXIT_ERROR;
	}
	return finish_output(completeness(o));
}

static int run_verb(int argc, char **argv)
{
	struct options o = { .report.path = DEFAULT_FILE };
	bool done = false;
	int code = parse(&o, argc, argv, &done);

	o.report.scan.filter = o.filter;
	if (!code && !done)
		code = run(&o);
	report_free(&o.report);
	ccw_filter_free(o.filter);
	return code;
}

const struct verb verb_report = {
	.name = "report",
	.summary = "rates, latencies and errors of a recording",
	.about = "Rates, latencies and errors of a recording, for each subchannel.",
	.options = report_options,
	.run = run_verb,
};
