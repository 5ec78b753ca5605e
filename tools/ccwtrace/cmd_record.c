// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace record
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "trace/ccw_names.h"
#include "trace/ccw_record.h"

/* How often to look whether it is over. */
#define TICK_MS 200

struct options {
	struct ccw_record_options rec;
	struct ccw_filter *filter;
	const char **events;
	double seconds; /* 0: until Ctrl-C */
	char **command; /* NULL: none */
	bool quiet, verbose;
};

static const struct opt record_options[] = {
	{ 'o', "output", "FILE", "file", "file to write (" DEFAULT_FILE ")" },
	{ 'd', "duration", "SECONDS", NULL, "record so long" },
	OPT_SUBCHANNEL,
	{ 'e', "event", "EVENT", "event",
	  "only this event: vfio_ccw_io, s390:s390_cio_ssch, 'vfio_ccw_*';\n"
	  "more than once for several (all of vfio_ccw)" },
	{ 'b', "buffer", "KIB", NULL, "size of the kernel's buffer for each CPU" },
	OPT_QUIET,
	{ 'v', "verbose", NULL, NULL, "say what is done" },
	OPT_HELP,
	OPT_END
};

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	unsigned long kib;
	char *end;
	int c, rc;

	opt_start(&p, record_options, argc, argv);
	while ((c = opt_next(&p)) != OPT_DONE) {
		switch (c) {
		case 'o':
			if (!*p.arg)
				return usage_error("record", "-o wants the name of a file");
			o->rec.path = p.arg;
			break;
		case 'd':
			o->seconds = strtod(p.arg, &end);
			if (*end || end == p.arg || !(o->seconds > 0) || o->seconds > 1e9)
				return usage_error("record", "-d %s: want seconds, more than "
							     "0", p.arg);
			break;
		case 's':
			rc = add_subchannels("record", &o->filter, p.arg);
			if (rc)
				return rc;
			break;
		case 'e':
			o->events[o->rec.nr_events++] = p.arg;
			break;
		case 'b':
			kib = strtoul(p.arg, &end, 10);
			if (*p.arg < '0' || *p.arg > '9' || *end || kib < 8 || kib > 1UL << 24)
				return usage_error("record", "-b %s: want KiB, 8 to "
							     "16777216", p.arg);
			o->rec.buffer_kib = kib;
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'h':
			*done = true;
			return verb_help(&verb_record);
		default:
			return usage_error("record", "%s", p.error);
		}
	}
	if (optind < argc)
		o->command = argv + optind;
	return EXIT_FINE;
}

/* Starts the command; its failure to start is known when this returns. -errno or its pid */
static pid_t start_command(char **command)
{
	int sync[2], error = 0;
	pid_t pid;

	if (pipe2(sync, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid < 0) {
		error = errno;
	} else if (!pid) {
		signal(SIGPIPE, SIG_DFL); /* the others were caught and are reset by exec */
		execvp(command[0], command);
		error = errno;
		if (write(sync[1], &error, sizeof(error)) < 0)
			_exit(127);
		_exit(127);
	}
	close(sync[1]);
	if (pid > 0 && read(sync[0], &error, sizeof(error)) == sizeof(error))
		waitpid(pid, NULL, 0);
	close(sync[0]);
	return error ? -error : pid;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void tell_command(const struct options *o, int status)
{
	if (o->quiet)
		return;
	if (WIFSIGNALED(status))
		warn("%s was ended by signal %d", o->command[0], WTERMSIG(status));
	else if (WEXITSTATUS(status))
		warn("%s ended with status %d", o->command[0], WEXITSTATUS(status));
}

/* Until it is over for one reason or another. *pid: of the command, 0 when it ended. */
static int record(struct ccw_record *rec, const struct options *o, pid_t *pid,
		  struct ccw_error *err)
{
	double end = o->seconds ? now() + o->seconds : 0;
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
		rc = ccw_record_run(rec, wait_ms, err);
		if (rc)
			return rc;
		if (*pid && waitpid(*pid, &status, WNOHANG) == *pid) {
			*pid = 0;
			tell_command(o, status);
			break;
		}
	}
	return 0;
}

static int summary(struct ccw_record *rec, const struct options *o)
{
	const struct ccw_record_status *st = ccw_record_status(rec);
	char bytes[16];
	int code = EXIT_FINE;

	if (!o->quiet)
		warn("%llu events, %s in %s", (unsigned long long)st->events,
		     ccw_bytes_str(st->bytes, bytes, sizeof(bytes)), o->rec.path);
	if (st->lost) {
		warn("%llu events were lost (%s): record with a larger buffer (-b) or fewer events "
		     "(-e, -s)",
		     (unsigned long long)st->lost, st->lost_cpus);
		code = EXIT_INCOMPLETE;
	}
	if (st->lost_unknown) {
		warn("the kernel does not say whether events were lost");
		code = EXIT_INCOMPLETE;
	}
	if (st->incomplete) {
		warn("%s is not complete: %s", o->rec.path, st->note);
		code = EXIT_INCOMPLETE;
	}
	return code;
}

static int run(const struct options *o)
{
	struct ccw_error err = { "" };
	struct ccw_record *rec;
	pid_t pid = 0;
	int code;

	catch_signals();
	if (ccw_record_start(&rec, &o->rec, &err)) {
		warn("%s", err.text);
		return EXIT_ERROR;
	}
	if (o->command) {
		pid = start_command(o->command);
		if (pid < 0) {
			warn("cannot run %s: %s", o->command[0], strerror(-pid));
			ccw_record_free(rec);
			return EXIT_ERROR;
		}
	}
	if (o->verbose)
		warn("recording in tracing instance %s to %s", ccw_record_status(rec)->instance,
		     o->rec.path);
	if (!o->quiet && !o->command && !o->seconds && isatty(STDERR_FILENO))
		warn("recording, Ctrl-C ends it");
	if (record(rec, o, &pid, &err))
		warn("%s: recording ends here", err.text);
	if (ccw_record_stop(rec, &err)) {
		warn("%s", err.text);
		code = EXIT_ERROR;
	} else {
		code = summary(rec, o);
	}
	ccw_record_free(rec);
	return code;
}

static int run_verb(int argc, char **argv)
{
	struct options o = { .rec.path = DEFAULT_FILE };
	bool done = false;
	int code;

	o.events = calloc(argc + 1, sizeof(*o.events));
	if (!o.events) {
		warn("out of memory");
		return EXIT_ERROR;
	}
	code = parse(&o, argc, argv, &done);
	o.rec.filter = o.filter;
	o.rec.events = o.events;
	if (!code && !done)
		code = run(&o);
	ccw_filter_free(o.filter);
	free(o.events);
	return code;
}

const struct verb verb_record = {
	.name = "record",
	.operands = "[-- COMMAND...]",
	.summary = "record the I/O of vfio-ccw subchannels to a trace.dat file",
	.about = "Records the I/O of vfio-ccw subchannels until Ctrl-C, the end of -d or of "
		 "COMMAND.",
	.options = record_options,
	.run = run_verb,
};
