/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the verbs share.
 */
#ifndef CCWTRACE_H
#define CCWTRACE_H

#include <signal.h>
#include <stdbool.h>

#include "tools/opt.h"
#include "trace/ccw_filter.h"
#include "trace/ccw_source.h"

#define DEFAULT_FILE "ccwtrace.dat"

enum { EXIT_FINE, EXIT_ERROR, EXIT_USAGE, EXIT_INCOMPLETE, EXIT_THRESHOLD };

/* A verb is a source file, cmd_NAME.c, with one of these in it; main.c lists them. */
struct verb {
	const char *name;
	const char *operands; /* after the options, for the help: "[-- COMMAND...]"; NULL: none */
	const char *summary; /* for the list of verbs: lower case, no full stop */
	const char *about; /* for its own help: a sentence or two */
	const struct opt *options;
	int (*run)(int argc, char **argv); /* argv[0] is the verb; returns an exit code */
};

extern const struct verb verb_stat, verb_hist, verb_errors, verb_fsm, verb_slow, verb_diff;
extern const struct verb verb_record, verb_report, verb_export, verb_replay;
extern const struct verb verb_show, verb_info, verb_repair, verb_check;

/* The options that most verbs have, with one meaning everywhere. */
#define OPT_INPUT \
	{ 'i', "input", "FILE", "file", "recording of ccwtrace or trace-cmd (" DEFAULT_FILE ")" }
#define OPT_SUBCHANNEL \
	{ 's', "subchannel", "LIST", "subchannel", \
	  "only these: 0.0.0003,0.0.0007-0.0.000a,'0.1.*'" }
#define OPT_QUIET { 'q', "quiet", NULL, NULL, "errors only, no warnings" }

int verb_help(const struct verb *v); /* prints it; EXIT_FINE or EXIT_ERROR */

extern volatile sig_atomic_t stop_signal; /* SIGINT and the like, 0: none came */
void catch_signals(void); /* they set stop_signal instead of ending the process */

void catch_bus_error(void); /* for verbs that read a mapped recording */

void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* "ccwtrace: ...\n" */
int usage_error(const char *verb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The next -s; EXIT_FINE or EXIT_USAGE */
int add_subchannels(const char *verb, struct ccw_filter **filter, const char *list);

/*
 * Output that could not be written is an error, unless nobody wants to read it any more (| head).
 * Call last; returns code, EXIT_ERROR or EXIT_FINE.
 */
int finish_output(int code);
bool reader_gone(void); /* of a pipe that is standard output */

#endif /* CCWTRACE_H */
