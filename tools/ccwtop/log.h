/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happened, in lines: the last TOP_LOG_LINES of them. What repeats is one line with a count,
 * so that a device which fails a thousand times a second does not push out everything else.
 */
#ifndef CCWTOP_LOG_H
#define CCWTOP_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

#define TOP_LOG_LINES 1024

enum top_log_kind {
	TOP_LOG_SOURCE, /* where numbers come from, and what became of that */
	TOP_LOG_DEVICE, /* gone, back, bound, unbound */
	TOP_LOG_PATH, /* a channel path came or went */
	TOP_LOG_CRW, /* a channel report */
	TOP_LOG_ERROR, /* an I/O failed */
	TOP_LOG_SLOW, /* an I/O took long */
	TOP_LOG_LOST, /* events or requests are missing */
	TOP_NR_LOGS,
};

struct top_log_line {
	uint64_t ts; /* ns, clock of the source; of the last one, if several */
	uint64_t first; /* of the first one */
	uint64_t times;
	struct ccw_sch sch;
	bool whole; /* it is about no subchannel in particular */
	enum top_log_kind kind;
	char text[104];
};

struct top_log;

struct top_log *top_log_new(void); /* NULL: no memory */
void top_log_free(struct top_log *log);
void top_log_clear(struct top_log *log);

/* sch NULL: about no subchannel in particular. */
void top_log_add(struct top_log *log, uint64_t ts, enum top_log_kind kind,
		 const struct ccw_sch *sch, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

size_t top_log_count(const struct top_log *log); /* lines there are */
uint64_t top_log_gone(const struct top_log *log); /* older ones there were */
const struct top_log_line *top_log_at(const struct top_log *log, size_t back); /* 0: the last */
const char *top_log_name(enum top_log_kind kind); /* "path" */

#endif /* CCWTOP_LOG_H */
