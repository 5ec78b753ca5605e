// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/keys.h"
#include "tools/ccwtop/options.h"
#include "tools/ccwtop/view.h"
#include "tools/units.h"

enum { OPT_SORT = 256, OPT_COLUMNS, OPT_SPEED, OPT_SOURCE, OPT_SEEK, OPT_FORMAT,
	OPT_EXPORTER, OPT_NO_SANDBOX, OPT_SLOW, OPT_FILTER, OPT_THEME, OPT_CONFIG,
	OPT_ASCII, OPT_NO_MOUSE, OPT_READONLY };

static const struct option options[] = {
	{ "input", required_argument, NULL, 'i' },
	{ "subchannel", required_argument, NULL, 's' },
	{ "delay", required_argument, NULL, 'd' },
	{ "count", required_argument, NULL, 'n' },
	{ "batch", no_argument, NULL, 'b' },
	{ "sort", required_argument, NULL, OPT_SORT },
	{ "columns", required_argument, NULL, OPT_COLUMNS },
	{ "speed", required_argument, NULL, OPT_SPEED },
	{ "source", required_argument, NULL, OPT_SOURCE },
	{ "seek", required_argument, NULL, OPT_SEEK },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "exporter", required_argument, NULL, OPT_EXPORTER },
	{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
	{ "slow", required_argument, NULL, OPT_SLOW },
	{ "filter", required_argument, NULL, OPT_FILTER },
	{ "theme", required_argument, NULL, OPT_THEME },
	{ "config", required_argument, NULL, OPT_CONFIG },
	{ "ascii", no_argument, NULL, OPT_ASCII },
	{ "no-mouse", no_argument, NULL, OPT_NO_MOUSE },
	{ "readonly", no_argument, NULL, OPT_READONLY },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 }
};

static void print_help(void)
{
	size_t i;

	printf("Usage: ccwtop [OPTION]...\n"
	       "Shows the I/O of the channel devices that are passed through with vfio-ccw.\n\n"
	       "  -d, --delay SECONDS    length of an interval (1)\n"
	       "  -n, --count N          end after N intervals\n"
	       "  -s, --subchannel LIST  only these: 0.0.0003,0.0.0010-0.0.001f,0.0.01*\n"
	       "  -b, --batch            text instead of a screen\n"
	       "      --format FORMAT    of a batch: text, csv, json or jsonl; implies -b\n"
	       "      --exporter ADDRESS:PORT\n"
	       "                         serve metrics over HTTP; :PORT is that of the loopback\n"
	       "                         address\n"
	       "      --no-sandbox       of an exporter: keep all rights\n"
	       "  -i, --input FILE       play a recording\n"
	       "      --speed FACTOR     how fast to play it, 0: do not wait (1; with -b 0)\n"
	       "      --source SOURCE    where live numbers come from: bpf, tracefs, or the best\n"
	       "                         that is possible: auto (auto)\n"
	       "      --seek SECONDS     begin to play that long after its first record\n"
	       "      --slow TIME        I/Os that take so long are shown one by one (10ms)\n"
	       "      --sort COLUMN      sort by COLUMN, -COLUMN the other way round (rate)\n"
	       "      --columns LIST     these columns, in this order\n"
	       "      --filter EXPR      count only I/Os like 'device_ns > 1ms && dstat & UC'\n"
	       "      --theme NAME       colours of the screen: default, dark, light or mono\n"
	       "      --ascii            draw with ASCII characters alone\n"
	       "      --no-mouse         leave the mouse to the terminal\n"
	       "      --readonly         no key writes a file or changes something\n"
	       "      --config FILE      settings of the screen, instead of those in\n"
	       "                         ~/.config/ccwtop/ccwtoprc\n"
	       "  -h, --help             this text\n"
	       "  -V, --version          version\n\n"
	       "Columns:\n");
	for (i = 0; i < top_nr_columns; i++)
		printf("  %-9s%-11s%s\n", top_columns[i].key, top_columns[i].title,
		       top_columns[i].help);
	printf("\nKeys:\n");
	top_keys_print(stdout);
	printf("\nExit status: 0 fine, 1 error, 2 bad usage, 3 data incomplete.\n");
}

static bool parse_number(const char *text, double min, double max, double *value)
{
	char *end;

	errno = 0;
	*value = strtod(text, &end);
	return end != text && !*end && !errno && *value >= min && *value <= max;
}

static bool parse_count(const char *text, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	return end != text && !*end && !errno && *value && !strchr(text, '-');
}

static enum top_command bad_value(const char *option, const char *value, const char *hint)
{
	fprintf(stderr, "ccwtop: %s '%.64s': %s\n", option, value, hint);
	return TOP_USAGE;
}

static enum top_command parse_one(struct top_options *o, int c, const char *arg)
{
	enum top_theme theme;
	struct ccw_error err;
	char bad[64];

	switch (c) {
	case 'i':
		o->input = arg;
		break;
	case 's':
		if (top_sieve_subchannels(&o->sieve, arg, &err)) {
			fprintf(stderr, "ccwtop: -s %s\n", err.text);
			return TOP_USAGE;
		}
		break;
	case 'd':
		if (!parse_number(arg, TOP_MIN_DELAY, TOP_MAX_DELAY, &o->config.delay))
			return bad_value("-d", arg, "not a number of seconds from 0.1 to 3600");
		break;
	case 'n':
		if (!parse_count(arg, &o->count))
			return bad_value("-n", arg, "not a number of intervals, 1 or more");
		break;
	case 'b':
		o->batch = true;
		break;
	case OPT_SORT:
		o->config.reverse = *arg == '-';
		o->config.sort = top_column_find(arg + o->config.reverse);
		if (!o->config.sort)
			return bad_value("--sort", arg, "no such column (ccwtop -h lists them)");
		break;
	case OPT_COLUMNS:
		if (top_selection_parse(&o->config.columns, arg, bad, sizeof(bad)))
			return bad_value("--columns", bad,
					 "no such column, or twice (ccwtop -h lists them)");
		break;
	case OPT_SPEED:
		if (!parse_number(arg, 0, 1e6, &o->speed))
			return bad_value("--speed", arg, "not a factor from 0 to 1000000");
		break;
	case OPT_SOURCE:
		if (!strcmp(arg, "auto"))
			o->source = TOP_SOURCE_AUTO;
		else if (!strcmp(arg, "bpf"))
			o->source = TOP_SOURCE_BPF;
		else if (!strcmp(arg, "tracefs"))
			o->source = TOP_SOURCE_TRACEFS;
		else
			return bad_value("--source", arg, "want auto, bpf or tracefs");
		break;
	case OPT_SEEK:
		if (!parse_number(arg, 0, 1e9, &o->seek))
			return bad_value("--seek", arg, "not a number of seconds, 0 or more");
		break;
	case OPT_FORMAT:
		if (top_format_parse(arg, &o->format))
			return bad_value("--format", arg, "want text, csv, json or jsonl");
		break;
	case OPT_EXPORTER:
		if (exp_address_parse(arg, &o->exporter))
			return bad_value("--exporter", arg,
					 "want :PORT, 192.0.2.1:PORT or [2001:db8::1]:PORT");
		break;
	case OPT_NO_SANDBOX:
		o->no_sandbox = true;
		break;
	case OPT_SLOW:
		if (parse_time(arg, &o->slow_ns))
			return bad_value("--slow", arg,
					 "not a time above 0, like 500us, 10ms or 2s");
		break;
	case OPT_FILTER:
		if (top_sieve_expression(&o->sieve, arg, &err)) {
			fprintf(stderr, "ccwtop: --filter: %s\n", err.text);
			return TOP_USAGE;
		}
		break;
	case OPT_THEME:
		if (top_theme_parse(arg, &theme))
			return bad_value("--theme", arg, "want default, dark, light or mono");
		o->config.theme = theme;
		break;
	case OPT_CONFIG:
		o->config_file = arg;
		break;
	case OPT_ASCII:
		o->config.ascii = true;
		break;
	case OPT_NO_MOUSE:
		o->config.mouse = false;
		break;
	case OPT_READONLY:
		o->config.readonly = true;
		break;
	case 'h':
		print_help();
		return TOP_DONE;
	case 'V':
		printf("ccwtop %s\n", CCW_VERSION);
		return TOP_DONE;
	default: /* getopt said what was wrong */
		fprintf(stderr, "Try 'ccwtop --help'.\n");
		return TOP_USAGE;
	}
	return TOP_RUN;
}

void top_options_settle(struct top_options *o)
{
	const struct top_config *c = &o->config;

	o->delay = c->delay > 0 ? c->delay : 1;
	o->sort = c->sort ? c->sort : top_column_find("rate");
	o->reverse = c->reverse;
	o->columns = c->columns;
	if (!o->columns.count)
		top_selection_all(&o->columns, !o->input);
}

enum top_command top_options_parse(struct top_options *o, int argc, char **argv)
{
	int c;

	*o = (struct top_options){ .speed = -1, .seek = -1, .slow_ns = TOP_SLOW_NS,
				     .config = TOP_CONFIG_NONE };
	argv[0] = program_invocation_short_name; /* what getopt's messages begin with */
	while ((c = getopt_long(argc, argv, "i:s:d:n:bhV", options, NULL)) != -1) {
		enum top_command cmd = parse_one(o, c, optarg);

		if (cmd != TOP_RUN)
			return cmd;
	}
	if (optind < argc) {
		fprintf(stderr, "ccwtop: '%.64s' is not an option%s\nTry 'ccwtop --help'.\n",
			argv[optind], o->input ? "" : " (a recording is opened with -i)");
		return TOP_USAGE;
	}
	if (o->speed >= 0 && !o->input) {
		fprintf(stderr, "ccwtop: --speed is for recordings (open one with -i)\n");
		return TOP_USAGE;
	}
	if (o->seek >= 0 && !o->input) {
		fprintf(stderr, "ccwtop: --seek is for recordings (open one with -i)\n");
		return TOP_USAGE;
	}
	if (o->exporter.len && (o->batch || o->format != TOP_TEXT || o->count ||
				o->config.columns.count || o->sieve.select ||
				o->seek >= 0)) {
		fprintf(stderr, "ccwtop: --exporter serves until it is ended: -b, --format, -n, "
			"--columns, --filter and --seek have no place in it\n");
		return TOP_USAGE;
	}
	if (o->no_sandbox && !o->exporter.len) {
		fprintf(stderr, "ccwtop: --no-sandbox is for --exporter\n");
		return TOP_USAGE;
	}
	if (o->sieve.select && o->source == TOP_SOURCE_BPF) {
		fprintf(stderr, "ccwtop: --filter needs every single I/O, and bpf has only their "
			"sums (use --source tracefs)\n");
		return TOP_USAGE;
	}
	o->filter = o->sieve.filter;
	top_options_settle(o);
	return TOP_RUN;
}
