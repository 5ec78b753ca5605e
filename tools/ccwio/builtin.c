// SPDX-License-Identifier: GPL-2.0
/* Programs for every device. */
#include <inttypes.h>
#include <string.h>

#include "builtin.h"

static void text_sense_id(const struct builtin_options *o, FILE *f)
{
	(void)o;
	fputs("ccw sense-id sli count=64 data=id\n"
	      "data id size=64\n", f);
}

static void text_nop(const struct builtin_options *o, FILE *f)
{
	(void)o;
	/* a count and an address although nothing moves: format 0 has no count of 0 */
	fputs("ccw nop sli count=1 data=none\n"
	      "data none size=1\n", f);
}

static void text_nop_chain(const struct builtin_options *o, FILE *f)
{
	if (o->arg > 1)
		fprintf(f, "ccw nop sli,cc count=1 data=none split=1 times=%" PRIu64 "\n",
			o->arg - 1);
	fputs("ccw nop sli count=1 data=none\n"
	      "data none size=1\n", f);
}

/* Every CCW a segment of its own: what a translator may not recurse on. */
static void text_segments(const struct builtin_options *o, FILE *f)
{
	for (uint64_t i = 0; i + 1 < o->arg; i++)
		fprintf(f, "ccw nop sli,cc count=1 data=none\n"
			"tic s%" PRIu64 "\nccw nop sli count=1 data=none\ns%" PRIu64 ":\n", i, i);
	fputs("ccw nop sli count=1 data=none\n"
	      "data none size=1\n", f);
}

static void text_sense(const struct builtin_options *o, FILE *f)
{
	(void)o;
	fputs("ccw sense sli count=32 data=sense\n"
	      "data sense size=32\n", f);
}

static void text_rdc(const struct builtin_options *o, FILE *f)
{
	(void)o;
	fputs("ccw rdc sli count=64 data=rdc\n"
	      "data rdc size=64\n", f);
}

static void text_rcd(const struct builtin_options *o, FILE *f)
{
	(void)o;
	fputs("ccw rcd sli count=256 data=rcd\n"
	      "data rcd size=256\n", f);
}

static const struct builtin builtins[] = {
	{ .name = "sense-id", .summary = "SENSE ID (E4): type and model of control unit and device",
	  .text = text_sense_id },
	{ .name = "nop", .summary = "NO OPERATION (03)", .text = text_nop },
	{ .name = "nop-chain", .summary = "N NO OPERATIONs, command-chained", .takes_arg = true,
	  .arg_name = "N", .arg_default = 100, .arg_max = PROG_MAX_CCWS, .text = text_nop_chain },
	{ .name = "segments", .summary = "N NO OPERATIONs, each in a segment reached by TIC",
	  .takes_arg = true, .arg_name = "N", .arg_default = 10, .arg_max = 100000,
	  .text = text_segments },
	{ .name = "sense", .summary = "SENSE (04), 32 bytes", .text = text_sense },
	{ .name = "rdc", .summary = "READ DEVICE CHARACTERISTICS (64) of ECKD, 64 bytes",
	  .text = text_rdc },
	{ .name = "rcd", .summary = "READ CONFIGURATION DATA (FA), 256 bytes", .text = text_rcd },
};

#define BUILTIN_COUNT (sizeof(builtins) / sizeof(builtins[0]))

const struct builtin *builtin_at(size_t i)
{
	if (i < BUILTIN_COUNT)
		return &builtins[i];
	i -= BUILTIN_COUNT;
	if (i < builtin_dasd_count)
		return &builtin_dasd[i];
	return i == builtin_dasd_count ? &builtin_mixed : NULL;
}

const struct builtin *builtin_find(const char *name)
{
	const struct builtin *b;

	for (size_t i = 0; (b = builtin_at(i)); i++) {
		if (strcmp(b->name, name) == 0)
			return b;
	}
	return NULL;
}
