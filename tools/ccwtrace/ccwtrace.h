/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the verbs share.
 */
#ifndef CCWTRACE_H
#define CCWTRACE_H

#include <signal.h>
#include <stdbool.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_source.h"

#define DEFAULT_FILE "ccwtrace.dat"

enum { EXIT_FINE, EXIT_ERROR, EXIT_USAGE, EXIT_INCOMPLETE };

/* argv[0] is the verb. Returns an exit code. */
typedef int (*verb_run)(int argc, char **argv);

int cmd_record(int argc, char **argv);
int cmd_report(int argc, char **argv);

extern volatile sig_atomic_t stop_signal; /* SIGINT and the like, 0: none came */
void catch_signals(void); /* they set stop_signal instead of ending the process */

void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* "ccwtrace: ...\n" */
int usage_error(const char *verb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The next -s; EXIT_FINE or EXIT_USAGE */
int add_subchannels(const char *verb, struct ccw_filter **filter, const char *list);

/* Output that could not be written is an error. Call last; returns code or EXIT_ERROR. */
int finish_output(int code);

#endif /* CCWTRACE_H */
