// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace stat: counters and latencies, at the speed of memory
 */
#include "tools/ccwtrace/reader.h"

static const struct opt stat_options[] = {
	READER_OPTIONS,
	OPT_QUIET,
	{ 'v', "verbose", NULL, NULL, "more columns, and every place where events were lost" },
	OPT_READER_THREADS,
	OPT_HELP,
	OPT_END
};

static int run(const struct reader *r)
{
	static int (*const print[])(const struct report *report, FILE *f) = {
		[FORMAT_TEXT] = report_stat_text,
		[FORMAT_CSV] = report_csv,
		[FORMAT_JSON] = report_json,
	};
	struct report report = { .total = true };
	int code = reader_gather(r, &report);

	if (!code && print[r->format](&report, stdout)) {
		warn("%s: out of memory for the statistics", r->path);
		code = EXIT_ERROR;
	}
	if (!code)
		code = finish_output(reader_complete(r, &report.info));
	report_free(&report);
	return code;
}

static int run_verb(int argc, char **argv)
{
	struct reader r;
	bool done = false;
	int code = reader_init(&r, argv[0]);

	code = code ? code : reader_parse(&r, &verb_stat, argc, argv, NULL, NULL, &done);
	if (!code && !done)
		code = reader_operands(&r, argc, argv);
	if (!code && !done)
		code = run(&r);
	reader_free(&r);
	return code;
}

const struct verb verb_stat = {
	.name = "stat",
	.operands = "[FILE]",
	.summary = "counters and latencies of each subchannel and of the machine",
	.about = "Counters and the split of the latencies of a recording, for each subchannel and "
		 "all together.",
	.options = stat_options,
	.run = run_verb,
};
