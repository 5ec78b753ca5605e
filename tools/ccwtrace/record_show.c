// SPDX-License-Identifier: GPL-2.0
/*
 * What ccwtrace record says, and the command it runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/ccwtrace/record.h"
#include "trace/ccw_names.h"

pid_t record_start_command(char **command)
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

void record_tell_command(const struct record_options *o, int status)
{
	if (o->quiet)
		return;
	if (WIFSIGNALED(status))
		warn("%s was ended by signal %d", o->command[0], WTERMSIG(status));
	else if (WEXITSTATUS(status))
		warn("%s ended with status %d", o->command[0], WEXITSTATUS(status));
}

void record_tell_file(const struct ccw_record_status *st, const struct record_options *o)
{
	static unsigned int told;
	char time[16];

	if (st->files == told)
		return;
	told = st->files;
	if (o->quiet || (!o->rec.flight.ns && !o->verbose))
		return;
	record_live_end();
	if (!o->rec.flight.ns)
		warn("%s is complete", st->file);
	else if (st->covers_ns)
		warn("%s: %s; the memory reaches back %s only (--flight-memory)", st->file,
		     st->reason, ccw_ns_str(st->covers_ns, time, sizeof(time)));
	else
		warn("%s: %s", st->file, st->reason);
}

static void tell_result(const struct ccw_record_status *st, const struct record_options *o)
{
	char bytes[16];

	if (o->rec.flight.ns) {
		warn("%llu events seen, %u file%s written", (unsigned long long)st->events,
		     st->files, st->files == 1 ? "" : "s");
		if (st->suppressed)
			warn("%u more I/Os were reasons to write one, too soon after another "
			     "(--flight has one in its time)", st->suppressed);
		return;
	}
	ccw_bytes_str(st->bytes, bytes, sizeof(bytes));
	if (o->rec.max_size)
		warn("%llu events, %s in %u files, the last is %s", (unsigned long long)st->events,
		     bytes, st->files, st->file);
	else
		warn("%llu events, %s in %s", (unsigned long long)st->events, bytes, st->file);
}

/* A flight recorder's losses count where they are in a file: it says so itself. */
int record_summary(struct ccw_record *rec, const struct record_options *o)
{
	const struct ccw_record_status *st = ccw_record_status(rec);
	int code = st->threshold ? EXIT_THRESHOLD : EXIT_FINE;

	if (!o->quiet)
		tell_result(st, o);
	if (st->lost && !o->rec.flight.ns) {
		warn("%llu events were lost (%s)%s", (unsigned long long)st->lost, st->lost_cpus,
		     st->losses[CCW_LOST_OVERRUN] + st->losses[CCW_LOST_REFUSED] ?
			     ": record with a larger buffer (-b) or fewer events (-e, -s)" :
			     "");
		code = EXIT_INCOMPLETE;
	}
	if (st->lost_unknown) {
		warn("the kernel does not say how many events were lost");
		code = EXIT_INCOMPLETE;
	}
	if (st->incomplete) {
		warn("%s is not complete: %s", *st->file ? st->file : o->rec.path, st->note);
		code = EXIT_INCOMPLETE;
	}
	return code;
}
