// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace report: the overview
 */
#include "tools/ccwtrace/reader.h"

static const struct opt report_options[] = {
	READER_OPTIONS,
	OPT_QUIET,
	{ 'v', "verbose", NULL, NULL, "more columns, status bits and condition codes" },
	OPT_READER_THREADS,
	OPT_HELP,
	OPT_END
};

static int run(const struct reader *r)
{
	static int (*const print[])(const struct report *report, FILE *f) = {
		[FORMAT_TEXT] = report_text,
		[FORMAT_CSV] = report_csv,
		[FORMAT_JSON] = report_json,
	};
	struct report report = { 0 };
	int code = reader_gather(r, &report);

	if (!code && print[r->format](&report, stdout)) {
		warn("%s: out of memory for the report", r->path);
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

	code = code ? code : reader_parse(&r, &verb_report, argc, argv, NULL, NULL, &done);
	if (!code && !done)
		code = reader_operands(&r, argc, argv);
	if (!code && !done)
		code = run(&r);
	reader_free(&r);
	return code;
}

const struct verb verb_report = {
	.name = "report",
	.operands = "[FILE]",
	.summary = "rates, latencies and errors of a recording",
	.about = "Rates, latencies and errors of a recording, for each subchannel.",
	.options = report_options,
	.run = run_verb,
};
