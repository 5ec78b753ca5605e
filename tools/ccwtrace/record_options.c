// SPDX-License-Identifier: GPL-2.0
/*
 * Options of ccwtrace record.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/record.h"
#include "tools/units.h"

enum {
	OPT_MAX_SIZE = OPT_LONG,
	OPT_MAX_FILES,
	OPT_COMPRESS,
	OPT_FLIGHT,
	OPT_FLIGHT_MEMORY,
	OPT_ON_LATENCY,
	OPT_ON_ERROR,
};

const struct opt record_options[] = {
	{ 'o', "output", "FILE", "file", "file to write (" DEFAULT_FILE ")" },
	{ 'd', "duration", "TIME", NULL, "record so long: 60, 1.5s, 500ms, 10m, 2h" },
	OPT_SUBCHANNEL,
	{ 'e', "event", "EVENT", "event",
	  "only these: a set (default, detail, all, program, fsm, cio) or an event\n"
	  "(vfio_ccw_io, s390:s390_cio_ssch, 'vfio_ccw_*'); more than once for several" },
	{ 'b', "buffer", "KIB", NULL, "size of the kernel's buffer for each CPU" },
	{ OPT_MAX_SIZE, "max-size", "SIZE", NULL,
	  "begin a new file with so much (500M, 2G): FILE.1, FILE.2, ..." },
	{ OPT_MAX_FILES, "max-files", "N", NULL,
	  "after FILE.N replace FILE.1 (2, with --flight 10)" },
	{ OPT_COMPRESS, "compress", "METHOD", "zstd|none", "compress the file: zstd (none)" },
	{ OPT_FLIGHT, "flight", "TIME", NULL,
	  "flight recorder: keep the last TIME in memory, write it to FILE.1, FILE.2, ...\n"
	  "on SIGUSR1 or as the options below say" },
	{ OPT_ON_LATENCY, "on-latency", "TIME[:EXPR]", NULL,
	  "write when an I/O took longer: 20ms, or such an I/O: '5ms:cmd == 0x06';\n"
	  "more than once for several" },
	{ OPT_ON_ERROR, "on-error", "KINDS[:EXPR]",
	  "any|refused|cc|aborted|channel|unit-check|unit-exception|length",
	  "write when an I/O ended so: refused,cc,aborted,channel,unit-check,\n"
	  "unit-exception,length or any; or an error with such fields:\n"
	  "'sch == 0.0.0003 && !(cstat & IL)'; more than once for several" },
	{ OPT_FLIGHT_MEMORY, "flight-memory", "SIZE", NULL, "memory for it, at most (64M)" },
	OPT_QUIET,
	{ 'v', "verbose", NULL, NULL, "say what is done" },
	OPT_HELP,
	OPT_END
};

static int parse_number(const char *text, unsigned long min, unsigned long max, unsigned int *n)
{
	unsigned long v;
	char *end;

	v = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || v < min || v > max)
		return -1;
	*n = v;
	return 0;
}

static int parse_long(struct record_options *o, int c, const char *arg)
{
	struct ccw_flight_options *f = &o->rec.flight;
	uint64_t size;

	switch (c) {
	case OPT_MAX_SIZE:
		if (parse_size(arg, &o->rec.max_size) || o->rec.max_size < 65536)
			return usage_error("record", "--max-size %s: want a size, 64K or more",
					   arg);
		break;
	case OPT_MAX_FILES:
		if (parse_number(arg, 1, 100000, &o->rec.max_files))
			return usage_error("record", "--max-files %s: want a number, 1 to 100000",
					   arg);
		break;
	case OPT_COMPRESS:
		o->rec.compress = !strcmp(arg, "zstd");
		if (!o->rec.compress && strcmp(arg, "none"))
			return usage_error("record", "--compress %s: want zstd or none", arg);
		break;
	case OPT_FLIGHT:
		if (parse_time(arg, &f->ns))
			return usage_error("record", "--flight %s: want a time, as 30s", arg);
		break;
	case OPT_FLIGHT_MEMORY:
		if (parse_size(arg, &size) || size < 1 << 20 || size > SIZE_MAX / 2)
			return usage_error("record", "--flight-memory %s: want a size, 1M or more",
					   arg);
		f->memory = size;
		break;
	case OPT_ON_LATENCY:
		return record_on_latency(o, arg);
	case OPT_ON_ERROR:
		return record_on_error(o, arg);
	}
	return EXIT_FINE;
}

static int parse_one(struct record_options *o, int c, const char *arg, const char *error)
{
	uint64_t ns;

	switch (c) {
	case 'o':
		if (!*arg)
			return usage_error("record", "-o wants the name of a file");
		o->rec.path = arg;
		break;
	case 'd':
		if (parse_time(arg, &ns))
			return usage_error("record", "-d %s: want seconds, more than 0, or a time "
						     "with a unit",
					   arg);
		o->seconds = ns / 1e9;
		break;
	case 's':
		return add_subchannels("record", &o->filter, arg);
	case 'e':
		o->events[o->rec.nr_events++] = arg;
		break;
	case 'b':
		if (parse_number(arg, 8, 1UL << 24, &o->rec.buffer_kib))
			return usage_error("record", "-b %s: want KiB, 8 to 16777216", arg);
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case OPT_BAD:
		return usage_error("record", "%s", error);
	default:
		return parse_long(o, c, arg);
	}
	return EXIT_FINE;
}

/* What only means something together. */
static int check(const struct record_options *o)
{
	const struct ccw_flight_options *f = &o->rec.flight;

	if (!f->ns && (f->nr_triggers || f->memory))
		return usage_error("record", "--on-latency, --on-error and --flight-memory are for "
					     "--flight TIME");
	if (f->ns && o->rec.max_size)
		return usage_error("record", "--flight or --max-size, not both");
	if (o->rec.max_files && !f->ns && !o->rec.max_size)
		return usage_error("record", "--max-files is for --max-size SIZE or --flight TIME");
	return EXIT_FINE;
}

int record_parse(struct record_options *o, int argc, char **argv, bool *done)
{
	struct opt_parser p;
	int c, rc;

	opt_start(&p, record_options, argc, argv);
	while ((c = opt_next(&p)) != OPT_DONE) {
		if (c == 'h') {
			*done = true;
			return verb_help(&verb_record);
		}
		rc = parse_one(o, c, p.arg, p.error);
		if (rc)
			return rc;
	}
	if (optind < argc)
		o->command = argv + optind;
	return check(o);
}
