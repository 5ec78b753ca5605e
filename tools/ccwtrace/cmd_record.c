// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace record
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "tools/ccwtrace/record.h"

/* How often to look whether it is over, and to tell a person what has come. */
#define TICK_MS 200
#define LIVE_SECONDS 1

static volatile sig_atomic_t dump_signal;

static void on_dump(int sig)
{
	dump_signal = sig;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* Until it is over for one reason or another. *pid: of the command, 0 when it ended. */
static int record(struct ccw_record *rec, const struct record_options *o, pid_t *pid,
		  struct ccw_error *err)
{
	double begin = now(), end = o->seconds ? begin + o->seconds : 0, live = begin;
	int rc, status;

	while (!stop_signal) {
		int wait_ms = TICK_MS;

		if (end) {
			double left = (end - now()) * 1000;

			if (left <= 0)
				break;
			if (left < wait_ms)
				wait_ms = left + 1;
		}
		if (dump_signal) {
			dump_signal = 0;
			ccw_record_dump(rec, "asked for by SIGUSR1");
		}
		rc = ccw_record_run(rec, wait_ms, err);
		record_tell_file(ccw_record_status(rec), o);
		if (rc)
			return rc;
		if (*pid && waitpid(*pid, &status, WNOHANG) == *pid) {
			*pid = 0;
			record_tell_command(o, status);
			break;
		}
		if (now() >= live + LIVE_SECONDS) {
			live = now();
			record_live(rec, o, live - begin);
		}
	}
	return 0;
}

static int finish(struct ccw_record *rec, const struct record_options *o)
{
	struct ccw_error err = { "" };

	if (ccw_record_stop(rec, &err)) {
		warn("%s", err.text);
		return EXIT_ERROR;
	}
	return record_summary(rec, o);
}

static void begin(const struct record_options *o)
{
	struct sigaction sa = { .sa_handler = on_dump };

	catch_signals();
	if (o->rec.flight.ns)
		sigaction(SIGUSR1, &sa, NULL);
}

static int run(const struct record_options *o)
{
	struct ccw_error err = { "" };
	struct ccw_record *rec;
	pid_t pid = 0;
	int code;

	begin(o);
	if (ccw_record_start(&rec, &o->rec, &err)) {
		warn("%s", err.text);
		return EXIT_ERROR;
	}
	if (o->command) {
		pid = record_start_command(o->command);
		if (pid < 0) {
			warn("cannot run %s: %s", o->command[0], strerror(-pid));
			ccw_record_free(rec);
			return EXIT_ERROR;
		}
	}
	if (!o->quiet)
		warn("%s", ccw_record_status(rec)->what);
	if (o->verbose)
		warn("recording in tracing instance %s to %s", ccw_record_status(rec)->instance,
		     o->rec.path);
	if (record(rec, o, &pid, &err))
		warn("%s: recording ends here", err.text);
	record_live_end();
	code = finish(rec, o);
	ccw_record_free(rec);
	return code;
}

static int run_verb(int argc, char **argv)
{
	struct record_options o = { .rec.path = DEFAULT_FILE };
	bool done = false;
	int code;

	o.events = calloc(argc + 1, sizeof(*o.events));
	if (!o.events) {
		warn("out of memory");
		return EXIT_ERROR;
	}
	code = record_parse(&o, argc, argv, &done);
	o.rec.filter = o.filter;
	o.rec.events = o.events;
	if (!code && !done)
		code = run(&o);
	ccw_filter_free(o.filter);
	record_free_triggers(&o);
	free(o.events);
	return code;
}

const struct verb verb_record = {
	.name = "record",
	.operands = "[-- COMMAND...]",
	.summary = "record the I/O of subchannels to a trace.dat file",
	.about = "Records the I/O of vfio-ccw subchannels, or of any where vfio_ccw is not loaded, "
		 "until\nCtrl-C, the end of -d or of COMMAND.",
	.options = record_options,
	.run = run_verb,
};
