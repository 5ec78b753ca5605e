// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtop: the live view of vfio-ccw I/O.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/batch.h"
#include "tools/ccwtop/exporter/exporter.h"
#include "tools/ccwtop/options.h"
#include "tools/ccwtop/tap.h"
#include "tools/ccwtop/view.h"
#include "tools/ccwtop/win.h"

enum { EXIT_FINE, EXIT_ERROR, EXIT_USAGE, EXIT_INCOMPLETE };

static volatile sig_atomic_t stop_signal;

static void on_signal(int sig)
{
	stop_signal = sig;
}

/*
 * Whatever ends us, the terminal and the tracing instance must be left as they were: signals only
 * leave a note. No SA_RESTART, waiting must end. Nobody reading is an error of write, not a signal.
 */
static void catch_signals(void)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction sa = { .sa_handler = on_signal };
	size_t i;

	for (i = 0; i < sizeof(sigs) / sizeof(*sigs); i++)
		sigaction(sigs[i], &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
}

static int fail(const struct ccw_error *err)
{
	fprintf(stderr, "ccwtop: %s\n", err->text);
	return EXIT_ERROR;
}

/* What was shown is only part of what happened: say so, and let scripts know. */
static int completeness(const struct top_view *v)
{
	const struct ccw_source_info *info = top_gather_info(v->gather);
	char lost[64];
	int rc = EXIT_FINE;

	if (*top_view_lost(v, lost, sizeof(lost))) {
		fprintf(stderr, "ccwtop: %s: the numbers are too low\n", lost);
		rc = EXIT_INCOMPLETE;
	}
	if (v->incomplete)
		rc = EXIT_INCOMPLETE;
	if (info->truncated) {
		fprintf(stderr, "ccwtop: %s ends early: %s\n", info->name, info->note);
		rc = EXIT_INCOMPLETE;
	}
	return rc;
}

static int run_exporter(const struct top_options *o)
{
	struct ccw_error err = { "" };
	struct exporter e = {
		.filter = o->filter, .delay = o->delay, .speed = o->speed >= 0 ? o->speed : 1,
		.address = o->exporter, .sandbox = !o->no_sandbox, .stop = &stop_signal,
	};
	int rc = top_gather_open(&e.gather, o->input, o->source, o->filter, &err);

	if (rc)
		return fail(&err);
	top_gather_no_total(e.gather);
	/* every stage's histogram is served */
	rc = top_gather_watch(e.gather, CCW_WATCH_ALL, NULL, &err);
	if (!o->input)
		e.sysfs = top_sysfs_new("/sys", "/run/vfio-ccw");
	if (!o->input && !e.sysfs) {
		snprintf(err.text, sizeof(err.text), "out of memory");
		rc = -ENOMEM;
	} else if (!rc) {
		if (e.sysfs && e.sandbox)
			top_sysfs_keep_states(e.sysfs);
		rc = exporter_run(&e, &err);
	}
	rc = rc ? fail(&err) : EXIT_FINE;
	top_gather_close(e.gather);
	top_sysfs_free(e.sysfs);
	return rc;
}

/* What only a screen has. */
static int look_back(struct top_view *v, const struct top_options *o, struct ccw_error *err)
{
	const struct ccw_source_info *info = top_gather_info(v->gather);
	char text[96];

	v->past = top_past_new(o->slow_ns);
	if (!o->input)
		v->paths = top_paths_new("/sys");
	if (!v->past || top_gather_look_back(v->gather, v->past) || (!o->input && !v->paths))
		goto no_memory;
	if (top_gather_set_slow(v->gather, o->slow_ns)) {
		snprintf(err->text, sizeof(err->text),
			 "the BPF programs do not take the limit of --slow");
		return -EINVAL;
	}
	snprintf(text, sizeof(text), "begin: source %s (%s)", info->kind, info->driver);
	top_past_note(v->past, top_gather_pos(v->gather), text);
	if (o->input || strcmp(info->driver, "vfio_ccw"))
		return 0;
	v->tap = top_tap_new(v->filter, v->past, !strcmp(info->kind, "bpf"));
	if (v->tap)
		return 0;
no_memory:
	snprintf(err->text, sizeof(err->text), "out of memory");
	return -ENOMEM;
}

/*
 * The screen is what its file says, where the command line says nothing. *path is where it is, to
 * be freed; NULL: nowhere.
 */
static int configure(struct top_options *o, char **path, struct ccw_error *err)
{
	struct top_config c = TOP_CONFIG_NONE, usual = { .theme = -1, .ascii = -1, .mouse = 1 };
	int rc = 0;

	*path = o->config_file ? strdup(o->config_file) : top_config_path();
	if (*path)
		rc = top_config_read(&c, *path, o->config_file, err);
	/* Whoever wants no colours anywhere may still want them here, by --theme. */
	if (top_theme_no_color() && o->config.theme < 0)
		o->config.theme = TOP_THEME_MONO;
	/* One that forbids to write is not overruled. */
	if (c.readonly > 0)
		o->config.readonly = 1;
	top_config_complete(&o->config, &c);
	top_config_complete(&o->config, &usual);
	top_options_settle(o);
	return rc;
}

static int screen(struct top_view *v, struct top_options *o, const char *path,
		  struct ccw_error *err)
{
	int rc = look_back(v, o, err);

	return rc ? rc : top_win_run(v, &o->config, path, err);
}

static int run(struct top_options *o)
{
	struct ccw_error err = { "" };
	struct top_view v = { .count = o->count, .stop = &stop_signal };
	bool batch = o->batch || o->format != TOP_TEXT;
	char *path = NULL;
	int rc = 0;

	if (!batch) {
		rc = top_win_check(&err);
		if (rc && rc != -ENOTTY)
			return fail(&err);
		batch = rc;
		rc = batch ? 0 : configure(o, &path, &err);
		if (rc) {
			free(path);
			fail(&err);
			return rc == -EINVAL || rc == -E2BIG ? EXIT_USAGE : EXIT_ERROR;
		}
	}
	v.filter = o->filter;
	v.sieve = o->sieve;
	o->sieve = (struct top_sieve){ 0 };
	v.columns = o->columns;
	v.sort = o->sort;
	v.reverse = o->reverse;
	v.delay = o->delay;
	v.speed = o->speed >= 0 ? o->speed : batch ? 0 : 1;
	rc = top_gather_open(&v.gather, o->input, o->source, v.filter, &err);
	if (!rc && v.sieve.select)
		rc = top_gather_select(v.gather, v.filter, v.sieve.select, &err);
	if (rc) {
		rc = fail(&err);
		goto out;
	}
	v.from = top_gather_first(v.gather);
	if (o->seek > 0) {
		rc = top_gather_seek(v.gather, v.from + (uint64_t)(o->seek * 1e9), &err);
		v.from = top_gather_pos(v.gather);
	}
	if (!o->input)
		v.sysfs = top_sysfs_new("/sys", "/run/vfio-ccw");
	if (!o->input && !v.sysfs) {
		snprintf(err.text, sizeof(err.text), "out of memory");
		rc = -ENOMEM;
	} else if (!rc && batch) {
		rc = top_batch_run(&v, o->format, &err);
	} else if (!rc) {
		rc = screen(&v, o, path, &err);
	}
	rc = rc ? fail(&err) : completeness(&v);
out:
	top_gather_close(v.gather);
	top_tap_free(v.tap);
	top_past_free(v.past);
	top_paths_free(v.paths);
	free(v.sch_paths);
	top_sysfs_free(v.sysfs);
	top_model_free(&v.model);
	top_marks_free(&v.marks);
	top_sieve_free(&v.sieve);
	free(path);
	return rc;
}

int main(int argc, char **argv)
{
	struct top_options o;
	enum top_command cmd = top_options_parse(&o, argc, argv);
	int rc = EXIT_USAGE;

	catch_signals();
	if (cmd == TOP_RUN)
		rc = o.exporter.len ? run_exporter(&o) : run(&o);
	else if (cmd == TOP_DONE)
		rc = EXIT_FINE;
	top_sieve_free(&o.sieve);
	if (cmd == TOP_DONE && fflush(stdout) && errno != EPIPE) {
		fprintf(stderr, "ccwtop: cannot write to standard output: %s\n", strerror(errno));
		rc = EXIT_ERROR;
	}
	/* Ctrl-C is a way to quit; the other signals end us as who sent them expects. */
	if (stop_signal && stop_signal != SIGINT) {
		signal(stop_signal, SIG_DFL);
		raise(stop_signal);
	}
	return rc;
}
