/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording played as lines of text at the pace at which it was recorded.
 */
#ifndef CCWTRACE_REPLAY_TEXT_H
#define CCWTRACE_REPLAY_TEXT_H

#include <signal.h>
#include <stdio.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_select.h"
#include "trace/ccw_source.h"

struct replay_text {
	const char *path;
	const struct ccw_filter *filter; /* NULL: all subchannels */
	struct ccw_select *select; /* NULL: all of them */
	uint64_t since; /* ns after the first record */
	uint64_t most; /* I/Os; 0: all */
	double speed; /* 0: without waiting */
	FILE *out;
	volatile sig_atomic_t *stop;
};

struct replay_text_end {
	struct ccw_source_info info;
	uint64_t length; /* ns from the first record to the last */
};

/* 0, also if a signal ended it, or a negative errno with @err filled. */
int replay_text(const struct replay_text *t, struct replay_text_end *end, struct ccw_error *err);

#endif /* CCWTRACE_REPLAY_TEXT_H */
