// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace export
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/export.h"
#include "tools/ccwtrace/output.h"

static const struct export_format formats[] = {
	{ "html", export_html },
};

#define NR_FORMATS (sizeof(formats) / sizeof(*formats))

struct options {
	struct export_request request;
	struct ccw_filter *filter;
	const struct export_format *format;
	const char *output; /* NULL: standard output */
	bool quiet;
};

enum { OPT_FORMAT = OPT_LONG };

static const struct opt export_options[] = {
	OPT_INPUT,
	{ 'o', "output", "FILE", "file", "write to FILE instead of standard output" },
	OPT_SUBCHANNEL,
	{ OPT_FORMAT, "format", "FORMAT", "html",
	  "html: one page with plots, to open in a browser" },
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
	return usage_error("export", "no format '%s': want html", name);
}

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	int c, rc;

	opt_start(&p, export_options, argc, argv);
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
	if (!o->format)
		return usage_error("export", "--format is missing: want html");
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

	if (o->format->write(&o->request, out, &info, &err)) {
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
	return code;
}

const struct verb verb_export = {
	.name = "export",
	.operands = "[FILE]",
	.summary = "a recording in another form: html",
	.about = "A recording in another form, for other programs or to pass on.",
	.options = export_options,
	.run = run_verb,
};
