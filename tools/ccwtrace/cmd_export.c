// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace export
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/export.h"
#include "tools/ccwtrace/output.h"

static const struct export_format formats[] = {
	{ "html", export_html },
	{ "perfetto", export_perfetto },
	{ "chrome", export_chrome },
	{ "csv", export_csv },
	{ "ndjson", export_ndjson },
};

#define FORMAT_NAMES "html, perfetto, chrome, csv or ndjson"

#define NR_FORMATS (sizeof(formats) / sizeof(*formats))

struct options {
	struct export_request request;
	struct ccw_filter *filter;
	const struct export_format *format;
	const char *output; /* NULL: standard output */
	bool quiet;
};

enum { OPT_FORMAT = OPT_LONG, OPT_SINCE, OPT_UNTIL, OPT_FILTER };

static const struct opt export_options[] = {
	OPT_INPUT,
	{ 'o', "output", "FILE", "file", "write to FILE instead of standard output" },
	OPT_SUBCHANNEL,
	{ OPT_SINCE, "since", "TIME", NULL,
	  "from so long after the first event (1.5, 20ms), or @TIME of the clock" },
	{ OPT_UNTIL, "until", "TIME", NULL, "up to then" },
	{ OPT_FILTER, "filter", "EXPR", NULL, "only I/Os like 'device_ns > 1ms'" },
	{ OPT_FORMAT, "format", "FORMAT", "html|perfetto|chrome|csv|ndjson",
	  "html: one page with plots, to open in a browser\n"
	  "perfetto: timeline for ui.perfetto.dev; chrome: for chrome://tracing\n"
	  "csv, ndjson: a line for each I/O" },
	OPT_QUIET,
	OPT_HELP,
	OPT_END
};

static int set_format(struct options *o, const char *name)
{
	size_t i;

	for (i = 0; i < NR_FORMATS; i++) {
		if (!strcmp(name, formats[i].name)) {
			o->format = &formats[i];
			return EXIT_FINE;
		}
	}
	return usage_error("export", "no format '%s': want " FORMAT_NAMES, name);
}

static int set_select(struct options *o, const char *option, const char *text,
		      int (*set)(struct ccw_select *sel, const char *text, struct ccw_error *err))
{
	struct ccw_error err = { "" };

	if (!o->request.select)
		o->request.select = ccw_select_new();
	if (!o->request.select || set(o->request.select, text, &err))
		return usage_error("export", "%s %s: %s", option, text,
				   err.text[0] ? err.text : "out of memory");
	return EXIT_FINE;
}

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	struct stat in, out;
	int c, rc;

	opt_start(&p, export_options, argc, argv);
	p.mixed = true;
	while ((c = opt_next(&p)) != OPT_DONE) {
		rc = EXIT_FINE;
		switch (c) {
		case 'i':
			o->request.path = p.arg;
			break;
		case 'o':
			o->output = p.arg;
			break;
		case 's':
			rc = add_subchannels("export", &o->filter, p.arg);
			break;
		case OPT_SINCE:
			rc = set_select(o, "--since", p.arg, ccw_select_since);
			break;
		case OPT_UNTIL:
			rc = set_select(o, "--until", p.arg, ccw_select_until);
			break;
		case OPT_FILTER:
			rc = set_select(o, "--filter", p.arg, ccw_select_add);
			break;
		case OPT_FORMAT:
			rc = set_format(o, p.arg);
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			*done = true;
			return verb_help(&verb_export);
		default:
			return usage_error("export", "%s", p.error);
		}
		if (rc)
			return rc;
	}
	if (optind < argc)
		o->request.path = argv[optind++];
	if (optind < argc)
		return usage_error("export", "'%s' is too much: one recording at a time",
				   argv[optind]);
	if (o->output && !stat(o->output, &out) && !stat(o->request.path, &in) &&
	    in.st_dev == out.st_dev && in.st_ino == out.st_ino)
		return usage_error("export", "-o %s is the recording itself: name another file",
				   o->output);
	if (!o->format)
		return usage_error("export", "--format is missing: want " FORMAT_NAMES);
	if (o->request.select && o->format->write == export_html)
		return usage_error("export", "--since, --until, --filter: not with html, which "
				   "shows all of a recording");
	if (o->output && !o->output[0])
		return usage_error("export", "-o wants the name of a file");
	return EXIT_FINE;
}

static int completeness(const struct options *o, const struct ccw_source_info *info)
{
	const char *path = o->request.path;

	if (!o->quiet && (info->lost || info->lost_unknown))
		warn("%s: events were lost while it was recorded, the numbers are too low", path);
	if (!o->quiet && info->truncated)
		warn("%s: not complete: %s", path, info->note);
	return info->lost || info->lost_unknown || info->truncated ? EXIT_INCOMPLETE : EXIT_FINE;
}

static int write_to(const struct options *o, FILE *out)
{
	struct ccw_source_info info = { .lost = 0 };
	struct ccw_error err = { "" };
	int rc = o->format->write(&o->request, out, &info, &err);

	if (ferror(out))
		return EXIT_FINE; /* output_close() tells, and knows better */
	if (rc) {
		warn("%s", err.text);
		return EXIT_ERROR;
	}
	return completeness(o, &info);
}

static int run_verb(int argc, char **argv)
{
	struct options o = { .request.path = DEFAULT_FILE };
	struct output out;
	bool done = false;
	int code = parse(&o, argc, argv, &done);

	o.request.filter = o.filter;
	if (!code && !done) {
		catch_bus_error();
		code = output_open(&out, o.output);
		if (!code)
			code = output_close(&out, write_to(&o, out.file));
	}
	ccw_filter_free(o.filter);
	ccw_select_free(o.request.select);
	return code;
}

const struct verb verb_export = {
	.name = "export",
	.operands = "[FILE]",
	.summary = "a recording in another form: html, perfetto, chrome, csv, ndjson",
	.about = "A recording in another form, for other programs or to pass on.",
	.options = export_options,
	.run = run_verb,
};
