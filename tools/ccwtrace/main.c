// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace: recordings of vfio-ccw I/O. A verb is a source file, cmd_VERB.c.
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/output.h"
#include "trace/ccw_names.h"

static const struct verb *const verbs[] = {
	&verb_record,
	&verb_report,
	&verb_stat,
	&verb_hist,
	&verb_errors,
	&verb_fsm,
	&verb_slow,
	&verb_show,
	&verb_info,
	&verb_diff,
	&verb_export,
	&verb_replay,
	&verb_repair,
	&verb_check,
};

#define NR_VERBS (sizeof(verbs) / sizeof(*verbs))

volatile sig_atomic_t stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

/* No SA_RESTART: waiting must end. */
void catch_signals(void)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction sa = { .sa_handler = on_signal };
	size_t i;

	for (i = 0; i < sizeof(sigs) / sizeof(*sigs); i++)
		sigaction(sigs[i], &sa, NULL);
}

/* A file that gets shorter while it is read cannot be caught by looking at its size before. */
static void on_bus_error(int sig)
{
	static const char text[] = "ccwtrace: the recording became shorter while it was read\n";

	(void)sig;
	output_discard();
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EXIT_ERROR);
	_exit(EXIT_ERROR);
}

void catch_bus_error(void)
{
	signal(SIGBUS, on_bus_error);
}

/* Names of files go through here. */
static void say(const char *fmt, va_list ap)
{
	char *text;

	if (vasprintf(&text, fmt, ap) < 0)
		return;
	fputs(ccw_plain(text), stderr);
	free(text);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "ccwtrace: ");
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

int usage_error(const char *verb, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "ccwtrace %s: ", verb);
	va_start(ap, fmt);
	say(fmt, ap);
	va_end(ap);
	fprintf(stderr, " (ccwtrace %s -h lists what there is)\n", verb);
	return EXIT_USAGE;
}

int add_subchannels(const char *verb, struct ccw_filter **filter, const char *list)
{
	char bad[40];
	int rc = ccw_filter_add(filter, list, bad, sizeof(bad));

	if (rc == -EINVAL)
		return usage_error(verb, "'%s' is no subchannel: want 0.0.0003, 0.0.0003-0.0.0010 "
					 "or '0.0.00*'",
				   bad);
	if (rc)
		return usage_error(verb, "-s %s: %s", list, strerror(-rc));
	return EXIT_FINE;
}

bool reader_gone(void)
{
	struct pollfd p = { .fd = STDOUT_FILENO };

	return poll(&p, 1, 0) == 1 && p.revents & POLLERR;
}

int finish_output(int code)
{
	if (!fflush(stdout) && !ferror(stdout))
		return code;
	if (reader_gone()) /* head has seen enough: no news to anybody, and no error */
		return EXIT_FINE;
	warn("cannot write to standard output: %s", strerror(errno));
	return EXIT_ERROR;
}

static void help(FILE *f)
{
	size_t i;

	fprintf(f, "Usage: ccwtrace VERB [OPTIONS]\n\n");
	for (i = 0; i < NR_VERBS; i++)
		fprintf(f, "  %-8s %s\n", verbs[i]->name, verbs[i]->summary);
	fprintf(f, "\nccwtrace VERB -h lists the options of a verb, man ccwtrace-VERB explains "
		   "them.\n"
		"  -h, --help     this text\n"
		"  -V, --version  version\n");
}

int verb_help(const struct verb *v)
{
	printf("Usage: ccwtrace %s [OPTIONS]%s%s\n\n", v->name, v->operands ? " " : "",
	       v->operands ? v->operands : "");
	opt_wrap(v->about, 0, 0, stdout);
	putchar('\n');
	opt_help(v->options, stdout);
	putchar('\n');
	opt_wrap("Exit status: 0 fine, 1 error, 2 bad usage, 3 records are missing from the file, "
		 "4 a threshold was crossed.", 0, 0, stdout);
	return finish_output(EXIT_FINE);
}

/* For mk/completion and the check of the manual pages; not for people. */
static int dump_options(void)
{
	size_t i;

	for (i = 0; i < NR_VERBS; i++) {
		printf("%s\n", verbs[i]->name);
		opt_dump(verbs[i]->options, verbs[i]->name, stdout);
	}
	return finish_output(EXIT_FINE);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : NULL;
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	if (!verb) {
		help(stderr);
		return EXIT_USAGE;
	}
	for (i = 0; i < NR_VERBS; i++) {
		if (!strcmp(verb, verbs[i]->name))
			return verbs[i]->run(argc - 1, argv + 1);
	}
	if (!strcmp(verb, "-h") || !strcmp(verb, "--help") || !strcmp(verb, "help")) {
		help(stdout);
		return finish_output(EXIT_FINE);
	}
	if (!strcmp(verb, "-V") || !strcmp(verb, "--version")) {
		printf("ccwtrace %s\n", CCW_VERSION);
		return finish_output(EXIT_FINE);
	}
	if (!strcmp(verb, "--dump-options"))
		return dump_options();
	fprintf(stderr, "ccwtrace: no verb '%s':", ccw_plain(argv[1]));
	for (i = 0; i < NR_VERBS; i++)
		fprintf(stderr, "%s %s", i ? "," : "", verbs[i]->name);
	fprintf(stderr, " (ccwtrace -h)\n");
	return EXIT_USAGE;
}
