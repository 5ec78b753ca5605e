/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWIO_OPTIONS_H
#define CCWIO_OPTIONS_H

#include "builtin.h"
#include "tools/dev/error.h"
#include "expect.h"
#include "program.h"

#define MAX_SUBCHANNELS	256u

enum mode {
	MODE_RUN,
	MODE_LIST,
	MODE_INFO,
	MODE_DUMP,	/* assemble, show, do not run */
	MODE_PRINT,	/* the text of a built-in program */
	MODE_PATTERN,	/* what write-track writes, to -o */
	MODE_SCHIB,
	MODE_CRW,
	MODE_HELP,
	MODE_VERSION,
};

struct options {
	enum mode mode;
	const struct builtin *builtin;	/* NULL: text from file */
	const char *file;		/* -i */
	const char *output;		/* -o */
	const char *samples;		/* --samples */
	const char *irbs;		/* --irbs */
	const char *memory;		/* --memory */
	char *subchannels[MAX_SUBCHANNELS];
	unsigned int subchannel_count;
	uint64_t count;			/* -n, 0: no limit */
	uint64_t duration;		/* -d, nanoseconds, 0: none */
	double rate;			/* I/Os a second and subchannel, 0: as fast as they go */
	bool quiet, verbose, json, stop_on_error, no_wait, driver_stats;
	uint64_t timeout, halt_after, clear_after, reset_after;	/* nanoseconds */
	uint64_t cancel_after, resume_after;
	struct expect expects[EXPECT_MAX];
	unsigned int expect_count;
	struct prog_defaults defaults;
	struct builtin_options load;
};

/* 0, or -EINVAL with a text for the person who typed it. @o->subchannels are to be freed. */
int options_parse(struct options *o, int argc, char **argv, struct ccwio_error *err);
void options_free(struct options *o);
void options_help(FILE *f);

#endif
