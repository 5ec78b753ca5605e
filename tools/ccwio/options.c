// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "number.h"
#include "options.h"

enum {
	OPT_LIST = 256, OPT_INFO, OPT_DUMP, OPT_PRINT, OPT_PATTERN, OPT_SCHIB, OPT_CRW,
	OPT_RATE, OPT_JSON, OPT_SAMPLES, OPT_STOP, OPT_NO_WAIT,
	OPT_TIMEOUT, OPT_HALT, OPT_CLEAR, OPT_RESET, OPT_CANCEL, OPT_RESUME,
	OPT_EXPECT, OPT_STATS, OPT_IRBS, OPT_MEMORY,
	OPT_BASE, OPT_MEM, OPT_DATA_BASE, OPT_DATA_SIZE,
	OPT_CCW_FORMAT, OPT_IDA, OPT_CHAIN, OPT_LPM,
	OPT_TRACKS, OPT_CYL, OPT_HEAD, OPT_RECORD, OPT_RECORDS, OPT_BLOCKSIZE, OPT_SEED,
	OPT_VERIFY, OPT_ERRORS, OPT_WRITES,
};

/* One table for getopt and for the help; an entry without help continues a group. */
static const struct {
	const char *name;
	int value;
	const char *arg;
	const char *help;
} table[] = {
	{ NULL, 0, NULL, "What to do" },
	{ "input", 'i', "FILE", "program text, '-' for standard input (instead of PROGRAM)" },
	{ "subchannel", 's', "LIST", "subchannels 0.0.0003,... or UUIDs; default: the only one" },
	{ "count", 'n', "N", "run N times (default 1, or one for each of --tracks)" },
	{ "duration", 'd', "TIME", "run for so many seconds (500ms, 10, 2m)" },
	{ "rate", OPT_RATE, "R", "start R I/Os a second and subchannel, at fixed times" },
	{ "list", OPT_LIST, NULL, "list subchannels bound to vfio_ccw" },
	{ "info", OPT_INFO, NULL, "show regions and interrupts of the device" },
	{ "schib", OPT_SCHIB, NULL, "show the subchannel-information block" },
	{ "crw", OPT_CRW, NULL, "read and show pending channel report words" },
	{ "dump", OPT_DUMP, NULL, "assemble and show the program, do not run it" },
	{ "print", OPT_PRINT, NULL, "print the text of a built-in program" },
	{ "pattern", OPT_PATTERN, NULL, "write to -o what write-track writes to --tracks" },
	{ NULL, 0, NULL, "What comes out" },
	{ "output", 'o', "FILE", "append what the device stored, I/O after I/O" },
	{ "samples", OPT_SAMPLES, "FILE",
	  "write the latency of each I/O, nanoseconds, one a line" },
	{ "irbs", OPT_IRBS, "FILE", "write every IRB as it was read, 96 bytes each" },
	{ "memory", OPT_MEMORY, "FILE", "write all guest memory, after the last I/O" },
	{ "json", OPT_JSON, NULL, "summary as JSON" },
	{ "stats", OPT_STATS, NULL, "the driver's own counters, after the last I/O" },
	{ "quiet", 'q', NULL, "errors and summary only" },
	{ "verbose", 'v', NULL, "every I/O and every IRB" },
	{ "expect", OPT_EXPECT, "STATUS",
	  "outcome that counts as success (uc, rc=-EINVAL, pgmchk, ...)" },
	{ "stop-on-error", OPT_STOP, NULL, "end at the first unexpected outcome" },
	{ NULL, 0, NULL, "Time" },
	{ "timeout", OPT_TIMEOUT, "TIME", "longest wait for the final status (default 10)" },
	{ "halt-after", OPT_HALT, "TIME", "HALT SUBCHANNEL so long after the start" },
	{ "clear-after", OPT_CLEAR, "TIME", "CLEAR SUBCHANNEL so long after the start" },
	{ "reset-after", OPT_RESET, "TIME", "reset the device so long after the start" },
	{ "cancel-after", OPT_CANCEL, "TIME", "CANCEL SUBCHANNEL so long after the start" },
	{ "resume-after", OPT_RESUME, "TIME", "RESUME SUBCHANNEL so long after a suspension" },
	{ "no-wait", OPT_NO_WAIT, NULL, "start, do not wait, close the device" },
	{ NULL, 0, NULL, "How the program is built" },
	{ "ccw-format", OPT_CCW_FORMAT, "0|1", "CCW format (default 1)" },
	{ "ida", OPT_IDA, "KIND", "none, 1 (format 1), 2k or 4k (format 2); default none" },
	{ "data-chain", OPT_CHAIN, "N", "split every data CCW into N data-chained ones" },
	{ "lpm", OPT_LPM, "MASK", "logical path mask (default 0xff)" },
	{ "base", OPT_BASE, "ADDRESS", "guest address of the memory (default 0)" },
	{ "mem", OPT_MEM, "SIZE", "its size (default 16M)" },
	{ "data-base", OPT_DATA_BASE, "ADDRESS", "put data into an area of its own at ADDRESS" },
	{ "data-size", OPT_DATA_SIZE, "SIZE", "its size (default 16M)" },
	{ NULL, 0, NULL, "DASD" },
	{ "tracks", OPT_TRACKS, "A-B", "tracks, counted through all cylinders" },
	{ "cyl", OPT_CYL, "C", "one track by cylinder ..." },
	{ "head", OPT_HEAD, "H", "... and head (default 0)" },
	{ "record", OPT_RECORD, "R", "record (default 1)" },
	{ "records", OPT_RECORDS, "N", "records on a track (default 12)" },
	{ "blocksize", OPT_BLOCKSIZE, "N", "bytes in a record (default 4096)" },
	{ "seed", OPT_SEED, "N", "of patterns and random numbers (default 1)" },
	{ "verify", OPT_VERIFY, NULL, "compare what is read with what write-track writes" },
	{ "errors", OPT_ERRORS, "PERCENT", "mixed: deliberate errors" },
	{ "writes", OPT_WRITES, "PERCENT", "mixed: writes among the DASD I/Os (needs --tracks)" },
	{ NULL, 0, NULL, "Others" },
	{ "help", 'h', NULL, "this text" },
	{ "version", 'V', NULL, "version" },
};

#define TABLE_COUNT (sizeof(table) / sizeof(table[0]))

void options_help(FILE *f)
{
	const struct builtin *b;

	fprintf(f, "Usage: ccwio [OPTION...] PROGRAM [N]\n"
		"       ccwio [OPTION...] -i FILE\n"
		"Run channel programs on devices passed through with vfio-ccw.\n\nPrograms\n");
	for (size_t i = 0; (b = builtin_at(i)); i++)
		fprintf(f, "  %s %-*s %s\n", b->name, (int)(15 - strlen(b->name)),
			b->takes_arg ? b->arg_name : "", b->summary);
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		char left[48];

		if (!table[i].name) {
			fprintf(f, "\n%s\n", table[i].help);
			continue;
		}
		if (table[i].value < 256)
			snprintf(left, sizeof(left), "-%c, --%s %s", table[i].value, table[i].name,
				 table[i].arg ? table[i].arg : "");
		else
			snprintf(left, sizeof(left), "    --%s %s", table[i].name,
				 table[i].arg ? table[i].arg : "");
		fprintf(f, "  %-24s %s\n", left, table[i].help);
	}
	fprintf(f, "\nExit status: 0 fine, 1 error or unexpected status, 2 bad usage, 3 no final "
		"status in time.\nThe program format is described in ccwio(1).\n");
}

static int parse_number(const char *option, const char *text, uint64_t min, uint64_t max,
			uint64_t *out, struct ccwio_error *err)
{
	if (number_parse(text, max, out) || *out < min)
		return ccwio_fail(err, -EINVAL, "--%s '%s': allowed is a number from %llu to %llu",
				  option, text, (unsigned long long)min, (unsigned long long)max);
	return 0;
}

static int parse_time(const char *option, const char *text, uint64_t *ns, struct ccwio_error *err)
{
	if (number_parse_time(text, ns) || *ns == 0)
		return ccwio_fail(err, -EINVAL, "--%s '%s': allowed is a time above 0: 10 "
				  "(seconds), 500ms, 20us, 2m", option, text);
	return 0;
}

static int parse_tracks(struct options *o, const char *text, struct ccwio_error *err)
{
	char copy[64], *dash;
	uint64_t a, b;

	snprintf(copy, sizeof(copy), "%s", text);
	dash = strchr(copy, '-');
	if (dash)
		*dash++ = '\0';
	if (strlen(text) >= sizeof(copy) || number_parse(copy, DASD_MAX_TRACK, &a) ||
	    number_parse(dash ? dash : copy, DASD_MAX_TRACK, &b) || b < a)
		return ccwio_fail(err, -EINVAL, "--tracks '%s': allowed is A-B or A, 0 to %u, A "
				  "not above B", text, DASD_MAX_TRACK);
	o->load.first_track = (uint32_t)a;
	o->load.last_track = (uint32_t)b;
	o->load.has_tracks = true;
	return 0;
}

static int parse_subchannels(struct options *o, const char *text, struct ccwio_error *err)
{
	char *copy = strdup(text), *rest = NULL;
	int rc = 0;

	if (!copy)
		return ccwio_fail(err, -ENOMEM, "out of memory");
	for (char *t = strtok_r(copy, ",", &rest); t && rc == 0; t = strtok_r(NULL, ",", &rest)) {
		if (o->subchannel_count == MAX_SUBCHANNELS)
			rc = ccwio_fail(err, -EINVAL, "more than %u subchannels", MAX_SUBCHANNELS);
		else if (!(o->subchannels[o->subchannel_count] = strdup(t)))
			rc = ccwio_fail(err, -ENOMEM, "out of memory");
		else
			o->subchannel_count++;
	}
	free(copy);
	if (rc == 0 && o->subchannel_count == 0)
		rc = ccwio_fail(err, -EINVAL, "-s: no subchannel in '%s'", text);
	return rc;
}

static int parse_ida(struct options *o, const char *text, struct ccwio_error *err)
{
	static const char *const kinds[] = { "none", "1", "2k", "4k" };

	for (unsigned int i = 0; i < 4; i++) {
		if (strcmp(text, kinds[i]) == 0) {
			o->defaults.ida = (enum prog_ida)i;
			return 0;
		}
	}
	return ccwio_fail(err, -EINVAL, "--ida '%s': allowed are none, 1, 2k and 4k", text);
}

static int parse_page(const char *option, const char *text, uint64_t min, uint64_t max,
		      uint64_t *out, struct ccwio_error *err)
{
	if (number_parse(text, max, out) || *out < min || *out & 0xfff)
		return ccwio_fail(err, -EINVAL, "--%s '%s': allowed is a multiple of 4096 from "
				  "%llu to 0x%llx", option, text, (unsigned long long)min,
				  (unsigned long long)max);
	return 0;
}

static int set_mode(struct options *o, enum mode mode, struct ccwio_error *err)
{
	if (o->mode != MODE_RUN && o->mode != mode)
		return ccwio_fail(err, -EINVAL, "only one of --list --info --schib --crw --dump "
				  "--print --pattern may be given");
	o->mode = mode;
	return 0;
}

static int parse_option(struct options *o, int value, const char *arg, uint64_t *cyl,
			uint64_t *head, struct ccwio_error *err)
{
	uint64_t v = 0;
	char *end;
	int rc;

	switch (value) {
	case 'h':
		return set_mode(o, MODE_HELP, err);
	case 'V':
		return set_mode(o, MODE_VERSION, err);
	case OPT_LIST:
		return set_mode(o, MODE_LIST, err);
	case OPT_INFO:
		return set_mode(o, MODE_INFO, err);
	case OPT_SCHIB:
		return set_mode(o, MODE_SCHIB, err);
	case OPT_CRW:
		return set_mode(o, MODE_CRW, err);
	case OPT_DUMP:
		return set_mode(o, MODE_DUMP, err);
	case OPT_PRINT:
		return set_mode(o, MODE_PRINT, err);
	case OPT_PATTERN:
		return set_mode(o, MODE_PATTERN, err);
	case 'i':
		o->file = arg;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_SAMPLES:
		o->samples = arg;
		return 0;
	case OPT_IRBS:
		o->irbs = arg;
		return 0;
	case OPT_MEMORY:
		o->memory = arg;
		return 0;
	case 's':
		return parse_subchannels(o, arg, err);
	case 'n':
		return parse_number("count", arg, 1, UINT32_MAX, &o->count, err);
	case 'd':
		return parse_time("duration", arg, &o->duration, err);
	case OPT_RATE:
		errno = 0;
		o->rate = strtod(arg, &end);
		if (errno || end == arg || *end || !(o->rate > 0.001) || !(o->rate < 1e7))
			return ccwio_fail(err, -EINVAL, "--rate '%s': allowed is 0.001 to 10000000 "
					  "I/Os a second", arg);
		return 0;
	case OPT_JSON:
		o->json = true;
		return 0;
	case 'q':
		o->quiet = true;
		return 0;
	case 'v':
		o->verbose = true;
		return 0;
	case OPT_STOP:
		o->stop_on_error = true;
		return 0;
	case OPT_NO_WAIT:
		o->no_wait = true;
		return 0;
	case OPT_TIMEOUT:
		return parse_time("timeout", arg, &o->timeout, err);
	case OPT_HALT:
		return parse_time("halt-after", arg, &o->halt_after, err);
	case OPT_CLEAR:
		return parse_time("clear-after", arg, &o->clear_after, err);
	case OPT_RESET:
		return parse_time("reset-after", arg, &o->reset_after, err);
	case OPT_CANCEL:
		return parse_time("cancel-after", arg, &o->cancel_after, err);
	case OPT_RESUME:
		return parse_time("resume-after", arg, &o->resume_after, err);
	case OPT_STATS:
		o->driver_stats = true;
		return 0;
	case OPT_EXPECT:
		if (o->expect_count == EXPECT_MAX)
			return ccwio_fail(err, -EINVAL, "--expect: more than %d", EXPECT_MAX);
		return expect_parse(arg, &o->expects[o->expect_count++], err);
	case OPT_BASE:
		return parse_page("base", arg, 0, 0xfffffffffffff000ull, &o->defaults.base, err);
	case OPT_MEM:
		return parse_page("mem", arg, 4096, PROG_MAX_MEMORY, &o->defaults.size, err);
	case OPT_DATA_BASE:
		if (!o->defaults.data_size)
			o->defaults.data_size = 16ull << 20;
		return parse_page("data-base", arg, 0, 0xfffffffffffff000ull,
				  &o->defaults.data_base, err);
	case OPT_DATA_SIZE:
		return parse_page("data-size", arg, 4096, PROG_MAX_MEMORY, &o->defaults.data_size,
				  err);
	case OPT_CCW_FORMAT:
		rc = parse_number("ccw-format", arg, 0, 1, &v, err);
		o->defaults.ccw_format = o->load.ccw_format = (unsigned int)v;
		return rc;
	case OPT_IDA:
		return parse_ida(o, arg, err);
	case OPT_CHAIN:
		rc = parse_number("data-chain", arg, 1, 65535, &v, err);
		o->defaults.split = (unsigned int)v;
		return rc;
	case OPT_LPM:
		rc = parse_number("lpm", arg, 0, 0xff, &v, err);
		o->defaults.lpm = (uint8_t)v;
		return rc;
	case OPT_TRACKS:
		return parse_tracks(o, arg, err);
	case OPT_CYL:
		return parse_number("cyl", arg, 0, 65535, cyl, err);
	case OPT_HEAD:
		return parse_number("head", arg, 0, DASD_HEADS - 1, head, err);
	case OPT_RECORD:
		rc = parse_number("record", arg, 1, DASD_MAX_RECORDS, &v, err);
		o->load.record = (uint32_t)v;
		return rc;
	case OPT_RECORDS:
		rc = parse_number("records", arg, 1, DASD_MAX_RECORDS, &v, err);
		o->load.records = (uint32_t)v;
		return rc;
	case OPT_BLOCKSIZE:
		rc = parse_number("blocksize", arg, 1, 57344, &v, err);
		o->load.blocksize = (uint32_t)v;
		return rc;
	case OPT_SEED:
		return parse_number("seed", arg, 0, UINT64_MAX, &o->load.seed, err);
	case OPT_VERIFY:
		o->load.verify = true;
		return 0;
	case OPT_ERRORS:
	case OPT_WRITES:
		rc = parse_number(value == OPT_ERRORS ? "errors" : "writes", arg, 0, 100, &v, err);
		*(value == OPT_ERRORS ? &o->load.error_percent : &o->load.write_percent) =
			(unsigned int)v;
		return rc;
	}
	return ccwio_fail(err, -EINVAL, "option without meaning");
}

/* PROGRAM [N] */
static int parse_program(struct options *o, int argc, char **argv, struct ccwio_error *err)
{
	if (o->file && argc)
		return ccwio_fail(err, -EINVAL, "'%s': a program and -i FILE exclude each other",
				  argv[0]);
	if (o->file || argc == 0)
		return 0;
	o->builtin = builtin_find(argv[0]);
	if (!o->builtin)
		return ccwio_fail(err, -EINVAL, "no program '%s' (ccwio -h lists them; a program "
				  "of your own is given with -i FILE)", argv[0]);
	o->load.arg = o->builtin->arg_default;
	if (argc > 1 && !o->builtin->takes_arg)
		return ccwio_fail(err, -EINVAL, "'%s': %s takes no argument", argv[1],
				  o->builtin->name);
	if (argc > 2)
		return ccwio_fail(err, -EINVAL, "'%s' is too much", argv[2]);
	if (argc > 1 && (number_parse(argv[1], o->builtin->arg_max, &o->load.arg) ||
			 o->load.arg == 0))
		return ccwio_fail(err, -EINVAL, "%s '%s': allowed is a number from 1 to %llu",
				  o->builtin->name, argv[1],
				  (unsigned long long)o->builtin->arg_max);
	return 0;
}

static int check_dasd(struct options *o, struct ccwio_error *err)
{
	const struct builtin *b = o->builtin;
	bool writes = b && (b->writes || o->load.write_percent);

	if (o->load.verify && (!b || !b->check))
		return ccwio_fail(err, -EINVAL,
				  "--verify goes with a built-in program that reads tracks");
	if (writes && !o->load.has_tracks)
		return ccwio_fail(err, -EINVAL, "%s overwrites data: say which with --tracks A-B",
				  b->name);
	if (o->load.record > o->load.records)
		return ccwio_fail(err, -EINVAL, "--record %u: a track has %u (--records)",
				  o->load.record, o->load.records);
	if ((uint64_t)o->load.records * o->load.blocksize > 65535)
		return ccwio_fail(err, -EINVAL, "--records %u of --blocksize %u: no track holds "
				  "that much", o->load.records, o->load.blocksize);
	if (b && strcmp(b->name, "verify-track") == 0)
		o->load.verify = true;
	return 0;
}

static int check(struct options *o, struct ccwio_error *err)
{
	bool program = o->builtin || o->file;

	switch (o->mode) {
	case MODE_RUN:
	case MODE_DUMP:
		if (!program)
			return ccwio_fail(err, -EINVAL, "no program: name one (ccwio -h lists "
					  "them) or give a text with -i FILE");
		break;
	case MODE_PRINT:
		if (!o->builtin)
			return ccwio_fail(err, -EINVAL,
					  "--print needs the name of a built-in program");
		break;
	case MODE_PATTERN:
		if (!o->load.has_tracks || !o->output)
			return ccwio_fail(err, -EINVAL, "--pattern needs --tracks A-B and -o FILE");
		break;
	default:
		break;
	}
	if (program && o->mode != MODE_RUN && o->mode != MODE_DUMP && o->mode != MODE_PRINT)
		return ccwio_fail(err, -EINVAL, "this option runs no program; leave '%s' away",
				  o->file ? o->file : o->builtin->name);
	if (o->defaults.data_size && o->defaults.data_base == 0)
		return ccwio_fail(err, -EINVAL, "--data-size needs --data-base ADDRESS above 0");
	if (o->driver_stats && (o->mode != MODE_RUN || o->json))
		return ccwio_fail(err, -EINVAL, "--stats goes with a program that is run, and "
				  "without --json");
	if (o->mode == MODE_RUN && o->subchannel_count > 1 &&
	    (o->output || o->samples || o->irbs || o->memory))
		return ccwio_fail(err, -EINVAL,
				  "-o, --samples, --irbs and --memory go with one subchannel");
	return check_dasd(o, err);
}

static void set_defaults(struct options *o)
{
	memset(o, 0, sizeof(*o));
	prog_defaults_init(&o->defaults);
	o->timeout = 10000000000ull;
	o->load.last_track = 14;
	o->load.record = 1;
	o->load.records = 12;
	o->load.blocksize = 4096;
	o->load.seed = 1;
	o->load.ccw_format = 1;
}

static int finish(struct options *o, uint64_t cyl, uint64_t head, struct ccwio_error *err)
{
	if (cyl != UINT64_MAX || head != UINT64_MAX) {
		if (o->load.has_tracks)
			return ccwio_fail(err, -EINVAL, "--tracks excludes --cyl and --head");
		o->load.first_track = (uint32_t)((cyl == UINT64_MAX ? 0 : cyl) * DASD_HEADS +
						 (head == UINT64_MAX ? 0 : head));
		o->load.last_track = o->load.first_track;
		o->load.has_tracks = true;
	}
	if (!o->load.has_tracks && o->builtin && o->builtin->sequential)
		o->load.last_track = 0;
	if (!o->count && !o->duration) {
		o->count = 1;
		if (o->builtin && o->builtin->sequential)
			o->count = (uint64_t)o->load.last_track - o->load.first_track + 1;
	}
	return check(o, err);
}

int options_parse(struct options *o, int argc, char **argv, struct ccwio_error *err)
{
	struct option longs[TABLE_COUNT + 1] = { 0 };
	uint64_t cyl = UINT64_MAX, head = UINT64_MAX;
	char shorts[2 * TABLE_COUNT + 2] = ":";
	size_t n = 0, at = 1;
	int c, rc;

	set_defaults(o);
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (!table[i].name)
			continue;
		longs[n++] = (struct option){ table[i].name, table[i].arg ? required_argument :
					      no_argument, NULL, table[i].value };
		if (table[i].value < 256) {
			shorts[at++] = (char)table[i].value;
			if (table[i].arg)
				shorts[at++] = ':';
		}
	}
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == ':')
			return ccwio_fail(err, -EINVAL, "option '%s' needs an argument",
					  argv[optind - 1]);
		if (c == '?' && optopt && optopt < 256)
			return ccwio_fail(err, -EINVAL, "unknown option '-%c'", optopt);
		if (c == '?')
			return ccwio_fail(err, -EINVAL, "unknown, ambiguous or wrongly used option "
					  "'%s'", argv[optind - 1]);
		rc = parse_option(o, c, optarg, &cyl, &head, err);
		if (rc)
			return rc;
	}
	if (o->mode == MODE_HELP || o->mode == MODE_VERSION)
		return 0;
	rc = parse_program(o, argc - optind, argv + optind, err);
	return rc ? rc : finish(o, cyl, head, err);
}

void options_free(struct options *o)
{
	for (unsigned int i = 0; i < o->subchannel_count; i++)
		free(o->subchannels[i]);
}
