/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWTOP_OPTIONS_H
#define CCWTOP_OPTIONS_H

#include "tools/ccwtop/config.h"
#include "tools/ccwtop/exporter/listen.h"
#include "tools/ccwtop/format.h"
#include "tools/ccwtop/gather.h"
#include "tools/ccwtop/table.h"
#include "tools/ccwtop/sieve.h"

struct top_options {
	const char *input; /* NULL: the running kernel */
	double speed; /* below 0: not given */
	double seek; /* seconds, below 0: not given */
	unsigned long count;
	uint64_t slow_ns;
	enum top_source source;
	bool batch;
	enum top_format format; /* of a batch */
	struct exp_address exporter; /* len 0: not given */
	bool no_sandbox;
	struct top_sieve sieve;
	const struct ccw_filter *filter; /* of the sieve */
	struct top_config config; /* what of this was given */
	const char *config_file; /* NULL: the usual one */
	/* From config, with what is usual for the rest. */
	double delay;
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

/* Fills in what is usual, again after more became known in o->config. */
void top_options_settle(struct top_options *o);

#endif /* CCWTOP_OPTIONS_H */
