// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace report
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static void help(void)
{
	printf("Usage: ccwtrace report [OPTIONS]\n\n"
	       "Rates, latencies and errors of a recording, for each subchannel.\n\n"
	       "  -i, --input FILE         recording of ccwtrace or trace-cmd (" DEFAULT_FILE ")\n"
	       "  -s, --subchannel LIST    only these: 0.0.0003,0.0.0007-0.0.000a,'0.1.*'\n"
	       "      --format FORMAT      text (default), csv, json\n"
	       "  -q, --quiet              errors only, no warnings\n"
	       "  -v, --verbose            more columns, status bits and condition codes\n"
	       "  -h, --help               this text\n\n"
	       "Exit status: 0 fine, 1 error, 2 bad usage, 3 records are missing from the file.\n");
}

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
	enum { OPT_FORMAT = 256 };
	static const struct option longs[] = {
		{ "input", required_argument, NULL, 'i' },
		{ "subchannel", required_argument, NULL, 's' },
		{ "format", required_argument, NULL, OPT_FORMAT },
		{ "quiet", no_argument, NULL, 'q' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c, rc;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":i:s:qvh", longs, NULL)) != -1) {
		rc = EXIT_FINE;
		switch (c) {
		case 'i':
			o->report.path = optarg;
			break;
		case 's':
			rc = add_subchannels("report", &o->filter, optarg);
			break;
		case OPT_FORMAT:
			rc = set_format(o, optarg);
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'v':
			o->report.verbose = true;
			break;
		case 'h':
			help();
			*done = true;
			return finish_output(EXIT_FINE);
		case ':':
			return usage_error("report", "%s wants an argument", argv[optind - 1]);
		default:
			return usage_error("report", "no option %s", argv[optind - 1]);
		}
		if (rc)
			return rc;
	}
	if (optind < argc)
		return usage_error("report", "'%s' is too much: name the recording with -i",
				   argv[optind]);
	return EXIT_FINE;
}

/* A file that gets shorter while it is read cannot be caught by looking at its size before. */
static void on_bus_error(int sig)
{
	static const char text[] = "ccwtrace: the recording became shorter while it was read\n";

	(void)sig;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_ERROR);
	_exit(EXIT_ERROR);
}

static int completeness(const struct options *o)
{
	const struct report *r = &o->report;
	int code = EXIT_FINE;

	if (r->nr_losses) {
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

	signal(SIGBUS, on_bus_error);
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

int cmd_report(int argc, char **argv)
{
	struct options o = { .report.path = DEFAULT_FILE };
	bool done = false;
	int code = parse(&o, argc, argv, &done);

	o.report.filter = o.filter;
	if (!code && !done)
		code = run(&o);
	report_free(&o.report);
	ccw_filter_free(o.filter);
	return code;
}
