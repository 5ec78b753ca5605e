/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWTOP_OPTIONS_H
#define CCWTOP_OPTIONS_H

#include "tools/ccwtop/exporter/listen.h"
#include "tools/ccwtop/format.h"
#include "tools/ccwtop/gather.h"
#include "tools/ccwtop/table.h"
#include "trace/ccw_filter.h"

struct top_options {
	const char *input; /* NULL: the running kernel */
	double delay;
	double speed; /* below 0: not given */
	double seek; /* seconds, below 0: not given */
	unsigned long count;
	uint64_t slow_ns;
	enum top_source source;
	bool batch;
	enum top_format format; /* of a batch */
	struct exp_address exporter; /* len 0: not given */
	bool no_sandbox;
	struct ccw_filter *filter;
	const struct top_column *sort;
	bool reverse;
	struct top_selection columns;
};

/*
 * Reads the command line. TOP_RUN, or TOP_DONE and TOP_USAGE after -h, -V and mistakes, of which
 * the person was told.
 */
enum top_command { TOP_RUN, TOP_DONE, TOP_USAGE };
enum top_command top_options_parse(struct top_options *o, int argc, char **argv);

#endif /* CCWTOP_OPTIONS_H */
