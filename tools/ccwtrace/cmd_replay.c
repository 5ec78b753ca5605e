// SPDX-License-Identifier: GPL-2.0
/*
 * ccwtrace replay
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/ccwtrace.h"
#include "tools/ccwtrace/replay.h"
#include "tools/ccwtrace/replay_text.h"

#define SECOND 1e9

struct options {
	const char *path;
	struct ccw_filter *filter;
	struct ccw_select *select; /* NULL: --since, --until and --filter were not given */
	struct replay_request device; /* device.device NULL: into text */
	double speed; /* 0: flat out */
	uint64_t since; /* ns */
	uint64_t most;
	bool json, quiet;
	const char *only_device; /* an option that means nothing without --device */
};

enum {
	OPT_SPEED = OPT_LONG,
	OPT_SEEK,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_FILTER,
	OPT_DEVICE,
	OPT_ALLOW_WRITES,
	OPT_SKIP,
	OPT_TIMEOUT,
	OPT_FORMAT,
};

static const struct opt replay_options[] = {
	OPT_INPUT,
	OPT_SUBCHANNEL,
	{ 'n', "count", "N", NULL, "only the first N I/Os or programs" },
	{ OPT_SPEED, "speed", "N", "max", "N times as fast as recorded (1), or max: flat out" },
	{ OPT_SEEK, "seek", "SECONDS", NULL, "begin that long after the first record" },
	{ OPT_SINCE, "since", "TIME", NULL,
	  "only from then on: 12.5 or 300ms after the first record, or @TIMESTAMP" },
	{ OPT_UNTIL, "until", "TIME", NULL, "only up to then" },
	{ OPT_FILTER, "filter", "EXPR", NULL,
	  "only I/Os with such fields: 'dstat & UC && total_ns > 1ms'" },
	{ OPT_DEVICE, "device", "MDEV", "device",
	  "run the recorded channel programs again, on this mediated device:\n"
	  "its UUID, its path, or its subchannel" },
	{ OPT_ALLOW_WRITES, "allow-writes", NULL, NULL,
	  "with --device: also programs that write, with generated data" },
	{ OPT_SKIP, "skip", NULL, NULL,
	  "with --device: leave out programs that cannot or may not be run" },
	{ OPT_TIMEOUT, "timeout", "SECONDS", NULL, "with --device: for one I/O (30)" },
	{ OPT_FORMAT, "format", "FORMAT", "text|json", "with --device: text (default), json" },
	OPT_QUIET,
	OPT_HELP,
	OPT_END
};

/* 0 up to 1e9 seconds; false: no such number */
static bool number(const char *text, double *v)
{
	char *end;

	*v = strtod(text, &end);
	return *text && !*end && *v >= 0 && *v <= 1e9;
}

static int set_number(struct options *o, int c, const char *arg)
{
	char *end;
	double v;

	switch (c) {
	case 'n':
		o->most = strtoull(arg, &end, 10);
		if (*arg < '0' || *arg > '9' || *end || !o->most)
			return usage_error("replay", "-n %s: want a number, more than 0", arg);
		break;
	case OPT_SPEED:
		if (!strcmp(arg, "max"))
			o->speed = 0;
		else if (!number(arg, &o->speed) || o->speed < 1e-6)
			return usage_error("replay", "--speed %s: want a number, more than 0, or "
					   "max", arg);
		break;
	case OPT_SEEK:
		if (!number(arg, &v))
			return usage_error("replay", "--seek %s: want seconds, 0 or more", arg);
		o->since = v * SECOND;
		break;
	default:
		if (!number(arg, &v) || v < 1e-3)
			return usage_error("replay", "--timeout %s: want seconds, more than 0",
					   arg);
		o->device.timeout = v * SECOND;
	}
	return EXIT_FINE;
}

static int set_select(struct options *o, int c, const char *text)
{
	struct ccw_error err = { "" };
	int rc;

	if (!o->select)
		o->select = ccw_select_new();
	if (!o->select) {
		warn("out of memory");
		return EXIT_ERROR;
	}
	if (c == OPT_SINCE)
		rc = ccw_select_since(o->select, text, &err);
	else if (c == OPT_UNTIL)
		rc = ccw_select_until(o->select, text, &err);
	else
		rc = ccw_select_add(o->select, text, &err);
	return rc ? usage_error("replay", "--%s %s: %s", c == OPT_SINCE ? "since" :
				c == OPT_UNTIL ? "until" : "filter", text, err.text) : EXIT_FINE;
}

static int set_device_option(struct options *o, int c, const char *arg)
{
	switch (c) {
	case OPT_DEVICE:
		o->device.device = arg;
		return EXIT_FINE;
	case OPT_ALLOW_WRITES:
		o->only_device = "--allow-writes";
		o->device.allow_writes = true;
		return EXIT_FINE;
	case OPT_SKIP:
		o->only_device = "--skip";
		o->device.skip = true;
		return EXIT_FINE;
	case OPT_TIMEOUT:
		o->only_device = "--timeout";
		return set_number(o, c, arg);
	default:
		o->only_device = "--format";
		o->json = !strcmp(arg, "json");
		if (!o->json && strcmp(arg, "text"))
			return usage_error("replay", "no format '%s': want text or json", arg);
		return EXIT_FINE;
	}
}

static int parse(struct options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	int c, rc;

	opt_start(&p, replay_options, argc, argv);
	p.mixed = true;
	while ((c = opt_next(&p)) != OPT_DONE) {
		rc = EXIT_FINE;
		switch (c) {
		case 'i':
			o->path = p.arg;
			break;
		case 's':
			rc = add_subchannels("replay", &o->filter, p.arg);
			break;
		case 'n':
		case OPT_SPEED:
		case OPT_SEEK:
			rc = set_number(o, c, p.arg);
			break;
		case OPT_SINCE:
		case OPT_UNTIL:
		case OPT_FILTER:
			rc = set_select(o, c, p.arg);
			break;
		case 'q':
			o->quiet = true;
			break;
		case 'h':
			*done = true;
			return verb_help(&verb_replay);
		case OPT_BAD:
			return usage_error("replay", "%s", p.error);
		default:
			rc = set_device_option(o, c, p.arg);
		}
		if (rc)
			return rc;
	}
	if (optind < argc)
		o->path = argv[optind++];
	if (optind < argc)
		return usage_error("replay", "'%s' is too much: one recording at a time",
				   argv[optind]);
	if (o->only_device && !o->device.device)
		return usage_error("replay", "%s goes with --device", o->only_device);
	return EXIT_FINE;
}

static int incomplete(const struct options *o, bool is)
{
	if (is && !o->quiet)
		warn("%s: events are missing: lost while it was recorded, or the file ends early",
		     o->path);
	return is ? EXIT_INCOMPLETE : EXIT_FINE;
}

static int run_text(const struct options *o)
{
	const struct replay_text t = { .path = o->path, .filter = o->filter, .select = o->select,
				       .since = o->since,
				       .most = o->most, .speed = o->speed, .out = stdout,
				       .stop = &stop_signal };
	struct replay_text_end end = { .length = 0 };
	const struct ccw_source_info *info = &end.info;
	struct ccw_error err = { "" };

	if (replay_text(&t, &end, &err)) {
		warn("%s", err.text);
		return EXIT_ERROR;
	}
	if (o->since > end.length && !o->quiet)
		warn("%s: nothing to show: --seek %g is past its end, it is %.3f s long", o->path,
		     o->since / SECOND, end.length / SECOND);
	return finish_output(incomplete(o, info->truncated || info->lost || info->lost_unknown));
}

static int run_device(struct options *o)
{
	struct replay_programs ps = { .count = 0 };
	struct replay_result r = { .path = o->path };
	struct ccwio_error err = { "" };
	int rc = replay_load(&ps, o->path, o->filter, o->select, o->since, o->most, &err);
	int code = EXIT_ERROR;

	o->device.speed = o->speed;
	o->device.select = o->select;
	o->device.stop = &stop_signal;
	if (!rc)
		rc = replay_device(&o->device, &ps, &r, &err);
	if (rc) {
		warn("%s", err.text);
		r.error = err.text;
	} else {
		code = incomplete(o, ps.incomplete);
	}
	/* an error in the middle: what was run until then is worth showing */
	if (o->json && (!rc || r.started) && replay_print_json(&r, stdout)) {
		warn("out of memory for the result");
		code = EXIT_ERROR;
	}
	if (!o->json && r.started)
		replay_print_text(&r, stdout);
	replay_result_free(&r);
	replay_programs_free(&ps);
	return finish_output(code);
}

static int run_verb(int argc, char **argv)
{
	struct options o = { .path = DEFAULT_FILE, .speed = 1, .device.timeout = 30 * SECOND };
	bool done = false;
	int code = parse(&o, argc, argv, &done);

	if (!code && !done) {
		catch_bus_error();
		catch_signals();
		code = o.device.device ? run_device(&o) : run_text(&o);
	}
	ccw_filter_free(o.filter);
	ccw_select_free(o.select);
	return code;
}

const struct verb verb_replay = {
	.name = "replay",
	.operands = "[FILE]",
	.summary = "a recording once more: as text, or its channel programs on a device",
	.about = "Plays a recording at its own pace, or runs its channel programs on a device.",
	.options = replay_options,
	.run = run_verb,
};
