// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/output.h"

static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGXCPU, SIGXFSZ };
#define NR_ENDS (sizeof(ends) / sizeof(*ends))

/* The file under its temporary name, for whoever ends this process early. */
static const char *volatile unfinished;

void output_discard(void)
{
	if (unfinished)
		unlink(unfinished);
}

/* Ends as if nobody had caught it, but for the file. */
static void on_end(int sig)
{
	output_discard();
	signal(sig, SIG_DFL);
	raise(sig); /* comes when this returns */
}

/* What whoever started us wants ignored (nohup) stays so. */
static void catch_ends(void)
{
	struct sigaction sa = { .sa_handler = on_end }, old;
	size_t i;

	for (i = 0; i < NR_ENDS; i++) {
		if (!sigaction(ends[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(ends[i], &sa, NULL);
	}
}

/* Between making or renaming the file and noting it nothing may end this process. */
static void hold_ends(sigset_t *before)
{
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < NR_ENDS; i++)
		sigaddset(&set, ends[i]);
	sigprocmask(SIG_BLOCK, &set, before);
}

int output_open(struct output *o, const char *name)
{
	mode_t mask = umask(0);
	sigset_t before;
	struct stat st;
	int fd;

	umask(mask);
	*o = (struct output){ .file = stdout, .mode = 0666 & ~mask };
	if (!name || !strcmp(name, "-"))
		return EXIT_FINE;
	if (!stat(name, &st) && !S_ISREG(st.st_mode)) {
		warn("%s is not a regular file: write to standard output (-o -) and redirect it",
		     name);
		return EXIT_ERROR;
	}
	o->name = name;
	o->file = NULL;
	if (asprintf(&o->temp, "%s.XXXXXX", name) < 0) {
		o->temp = NULL;
		warn("out of memory");
		return EXIT_ERROR;
	}
	catch_ends();
	hold_ends(&before);
	fd = mkstemp(o->temp);
	if (fd >= 0) {
		unfinished = o->temp;
		o->file = fdopen(fd, "w");
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (o->file)
		return EXIT_FINE;
	warn("cannot create %s: %s (name another place with -o)", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	output_discard();
	unfinished = NULL;
	free(o->temp);
	return EXIT_ERROR;
}

/* Writing failed some time ago: what errno was then, from failing again. */
static void find_reason(FILE *f)
{
	clearerr(f);
	errno = 0;
	fputc(0, f);
	if (!fflush(f) || !errno)
		errno = EIO;
}

int output_close(struct output *o, int code)
{
	sigset_t before;
	bool failed;
	int error;

	if (!o->name)
		return finish_output(code);
	fchmod(fileno(o->file), o->mode);
	failed = ferror(o->file);
	if (failed)
		find_reason(o->file);
	error = errno;
	if (fclose(o->file) && !failed) {
		failed = true;
		error = errno;
	}
	hold_ends(&before);
	if (code == EXIT_FINE || code == EXIT_INCOMPLETE) {
		if (!failed && rename(o->temp, o->name)) {
			failed = true;
			error = errno;
		}
		if (failed) {
			warn("cannot write %s: %s", o->name, strerror(error));
			code = EXIT_ERROR;
		}
	}
	if (code != EXIT_FINE && code != EXIT_INCOMPLETE)
		output_discard();
	unfinished = NULL;
	sigprocmask(SIG_SETMASK, &before, NULL);
	free(o->temp);
	return code;
}
