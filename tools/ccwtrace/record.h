/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The parts of ccwtrace record.
 */
#ifndef CCWTRACE_RECORD_H
#define CCWTRACE_RECORD_H

#include <stdbool.h>
#include <sys/types.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "trace/ccw_record.h"

struct record_options {
	struct ccw_record_options rec;
	struct ccw_filter *filter;
	const char **events;
	struct ccw_flight_trigger *triggers;
	double seconds; /* 0: until Ctrl-C */
	char **command; /* NULL: none */
	bool quiet, verbose;
};

extern const struct opt record_options[];

/* EXIT_FINE with everything filled, *done if there is nothing more to do; or EXIT_USAGE */
int record_parse(struct record_options *o, int argc, char **argv, bool *done);

/* --on-latency and --on-error; EXIT_FINE or EXIT_USAGE */
int record_on_latency(struct record_options *o, const char *arg);
int record_on_error(struct record_options *o, const char *arg);
void record_free_triggers(struct record_options *o);

/* Starts the command; its failure to start is known when this returns. -errno or its pid */
pid_t record_start_command(char **command);

/* Says how it ended unless it ended well. */
void record_tell_command(const struct record_options *o, int status);

/* What a person at a terminal sees while it goes on; nothing elsewhere. */
void record_live(struct ccw_record *rec, const struct record_options *o, double seconds);
void record_live_end(void);
/* Its text, less than columns wide: seconds so far, events, bytes or files, losses. */
void record_live_text(char *buf, size_t len, const struct ccw_record_status *st, bool flight,
		      double seconds, unsigned int columns);

/* Says that a file was written, if that is news. */
void record_tell_file(const struct ccw_record_status *st, const struct record_options *o);

/* What came of it; the exit code */
int record_summary(struct ccw_record *rec, const struct record_options *o);

#endif /* CCWTRACE_RECORD_H */
