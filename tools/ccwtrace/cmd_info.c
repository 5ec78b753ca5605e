// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace info
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/info.h"

struct options {
	const char *path;
	bool json, quiet;
};

enum { OPT_FORMAT = OPT_LONG };

static const struct opt info_options[] = {
	OPT_INPUT,
	{ OPT_FORMAT, "format", "FORMAT", "text|json", "text (default), json" },
	OPT_QUIET,
	OPT_HELP,
	OPT_END
};

static int set_format(struct options *o, const char *name)
{
	o->json = !strcmp(name, "json");
	if (!o->json && strcmp(name, "text"))
		return usage_error("info", "no format '%s': want text or json", name);
	return EXIT_FINE;
}

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	int c, rc;

	opt_start(&p, info_options, argc, argv);
	p.mixed = true;
	while ((c = opt_next(&p)) != OPT_DONE) {
		rc = EXIT_FINE;
		switch (c) {
		case 'i':
			o->path = p.arg;
			break;
		case OPT_FORMAT:
			rc = set_format(o, p.arg);
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			*done = true;
			return verb_help(&verb_info);
		default:
			return usage_error("info", "%s", p.error);
		}
		if (rc)
			return rc;
	}
	if (optind < argc)
		o->path = argv[optind++];
	if (optind < argc)
		return usage_error("info", "'%s' is too much: one recording at a time",
				   argv[optind]);
	return EXIT_FINE;
}

static int completeness(const struct options *o, const struct info *in)
{
	bool lost = in->lost || in->lost_unknown, cut = in->walk.info.truncated;

	if (lost && !o->quiet)
		warn("%s: events were lost while it was recorded", o->path);
	if (cut && !o->quiet)
		warn("%s: not complete: %s", o->path, in->walk.info.note);
	return lost || cut ? EXIT_INCOMPLETE : EXIT_FINE;
}

static int run(const struct options *o)
{
	struct info *in = calloc(1, sizeof(*in));
	struct ccw_error err = { "out of memory" };
	int code;

	catch_bus_error();
	if (in)
		in->walk.path = o->path;
	if (!in || info_gather(in, &err) || (o->json ? info_json : info_text)(in, stdout)) {
		warn("%s", err.text);
		code = EXIT_ERROR;
	} else {
		code = finish_output(completeness(o, in));
	}
	if (in)
		info_free(in);
	free(in);
	return code;
}

static int run_verb(int argc, char **argv)
{
	struct options o = { .path = DEFAULT_FILE };
	bool done = false;
	int code = parse(&o, argc, argv, &done);

	return code || done ? code : run(&o);
}

const struct verb verb_info = {
	.name = "info",
	.operands = "[FILE]",
	.summary = "what a recording is and what is in it",
	.about = "The form of a recording, the machine it comes from, its clock, CPUs, events and\n"
		 "subchannels, and what is missing from it.",
	.options = info_options,
	.run = run_verb,
};
