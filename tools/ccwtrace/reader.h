/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options and endings that all verbs have in common which look into a recording.
 */
#ifndef CCWTRACE_READER_H
#define CCWTRACE_READER_H

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/report.h"

enum reader_format { FORMAT_TEXT, FORMAT_CSV, FORMAT_JSON };

struct reader {
	const char *verb;
	const char *path; /* DEFAULT_FILE if none was named */
	struct ccw_filter *filter;
	struct ccw_select *select;
	enum reader_format format;
	unsigned int threads;
	bool named; /* path was given with -i */
	bool quiet, verbose;
};

enum { OPT_READER = OPT_LONG + 64, OPT_FILTER, OPT_FORMAT, OPT_SINCE, OPT_UNTIL, OPT_THREADS };

#define READER_OPTIONS \
	OPT_INPUT, \
	OPT_SUBCHANNEL, \
	{ OPT_FILTER, "filter", "EXPRESSION", NULL, \
	  "only I/Os like 'device_ns > 1ms && dstat & UC'" }, \
	{ OPT_SINCE, "since", "TIME", NULL, "seconds from the start, 500ms, or @SECONDS" }, \
	{ OPT_UNTIL, "until", "TIME", NULL, "the same" }, \
	{ OPT_FORMAT, "format", "FORMAT", "text|csv|json", "text (default), csv, json" }
#define OPT_READER_THREADS \
	{ OPT_THREADS, "threads", "N", NULL, "read with so many threads (one for each CPU)" }

/* EXIT_FINE, or EXIT_ERROR for lack of memory. End with reader_free() in either case. */
int reader_init(struct reader *r, const char *verb);
void reader_free(struct reader *r);

/* One of READER_OPTIONS, -q, -v, --threads; EXIT_FINE or EXIT_USAGE, -1: none of them */
int reader_option(struct reader *r, int c, const char *arg);

/* The operands: the recording, if -i did not name it. EXIT_FINE or EXIT_USAGE */
int reader_operands(struct reader *r, int argc, char **argv);

/*
 * Parses a command line whose further options are taken by more (NULL: there are none), which
 * returns as reader_option() does. *done: the help was asked for and printed.
 */
int reader_parse(struct reader *r, const struct verb *v, int argc, char **argv,
		 int (*more)(void *ctx, int c, const char *arg), void *ctx, bool *done);

/* A positive number up to max. EXIT_FINE or EXIT_USAGE, which says what -c wants */
int reader_number(const char *verb, const char *option, const char *arg, unsigned long max,
		  unsigned long *n);

/* Fills report from the recording; EXIT_FINE, or EXIT_ERROR, told to stderr */
int reader_gather(const struct reader *r, struct report *report);

/*
 * EXIT_FINE, or EXIT_INCOMPLETE with a warning: records were lost while recording, or the file is
 * not whole.
 */
int reader_complete(const struct reader *r, const struct ccw_source_info *info);

#endif /* CCWTRACE_READER_H */
