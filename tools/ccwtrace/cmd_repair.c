// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace repair
 */
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/output.h"
#include "trace/ccw_names.h"
#include "trace/ccw_repair.h"

struct options {
	const char *input, *output;
	bool quiet;
};

static const struct opt repair_options[] = {
	OPT_INPUT,
	{ 'o', "output", "FILE", "file", "write the mended recording to FILE" },
	OPT_QUIET,
	OPT_HELP,
	OPT_END
};

static int check(const struct options *o)
{
	struct stat in, out;

	if (!o->input || !o->input[0])
		return usage_error("repair", "which recording? Name it with -i");
	if (!o->output || !o->output[0] || !strcmp(o->output, "-"))
		return usage_error("repair", "-o FILE is missing: where the mended one goes");
	if (!stat(o->input, &in) && !stat(o->output, &out) && in.st_dev == out.st_dev &&
	    in.st_ino == out.st_ino)
		return usage_error("repair", "-o %s is the recording itself: name another file",
				   o->output);
	return EXIT_FINE;
}

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	int c;

	opt_start(&p, repair_options, argc, argv);
	p.mixed = true;
	while ((c = opt_next(&p)) != OPT_DONE) {
		switch (c) {
		case 'i':
			o->input = p.arg;
			break;
		case 'o':
			o->output = p.arg;
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			*done = true;
			return verb_help(&verb_repair);
		default:
			return usage_error("repair", "%s", p.error);
		}
	}
	if (optind < argc)
		o->input = argv[optind++];
	if (optind < argc)
		return usage_error("repair", "'%s' is too much: one recording at a time",
				   argv[optind]);
	return check(o);
}

static int tell(const struct options *o, const struct ccw_repair *r)
{
	bool incomplete = r->damaged || r->missing;
	char name[PATH_MAX];

	if (!o->quiet) {
		printf("%s: %" PRIu64 " record%s in %" PRIu64 " page%s%s\n",
		       ccw_plain_str(o->output, name, sizeof(name)), r->records,
		       ccw_s(r->records), r->pages, ccw_s(r->pages),
		       r->zero_sizes ? ", sizes that were 0 put right" : "");
		if (r->missing)
			warn("%s: cut off: %" PRIu64 " byte%s of records missing at its end",
			     o->input, r->missing, ccw_s(r->missing));
		if (r->damaged)
			warn("%s: %" PRIu64 " damaged page%s left out or cut short", o->input,
			     r->damaged, ccw_s(r->damaged));
	}
	return incomplete ? EXIT_INCOMPLETE : EXIT_FINE;
}

static int run(const struct options *o)
{
	struct ccw_error err = { "" };
	struct ccw_repair result;
	struct output out;
	int code;

	catch_bus_error();
	if (output_open(&out, o->output))
		return EXIT_ERROR;
	if (ccw_repair_file(o->input, out.file, &result, &err)) {
		warn("%s", err.text);
		return output_close(&out, EXIT_ERROR);
	}
	code = result.damaged || result.missing ? EXIT_INCOMPLETE : EXIT_FINE;
	code = output_close(&out, code);
	return code == EXIT_ERROR ? code : finish_output(tell(o, &result));
}

static int run_verb(int argc, char **argv)
{
	struct options o = { .input = NULL };
	bool done = false;
	int code = parse(&o, argc, argv, &done);

	return code || done ? code : run(&o);
}

const struct verb verb_repair = {
	.name = "repair",
	.operands = "FILE",
	.summary = "a recording that other tools cannot read, so that they can",
	.about = "Writes what is whole of a damaged or unreadable recording to a new one, in the\n"
		 "form that every trace-cmd, KernelShark and ccwtrace read.",
	.options = repair_options,
	.run = run_verb,
};
