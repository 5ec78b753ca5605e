/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One line for one I/O or one event, as text, CSV or JSON (one object a line).
 */
#ifndef CCWTRACE_ROWS_H
#define CCWTRACE_ROWS_H

#include <stdio.h>

#include "tools/ccwtrace/walk.h"

enum row_format { ROW_TEXT, ROW_CSV, ROW_JSON };

struct rows {
	FILE *out;
	enum row_format format;
	struct walk *walk; /* knows the names of events */
};

/* The first line, of those forms that have one. */
void rows_io_head(void *ctx);
void rows_event_head(void *ctx);

/* ctx is struct rows everywhere. 0 or -ENOMEM; -EPIPE and the like once out has failed. */
int rows_io(void *ctx, const struct ccw_io *io);
int rows_event(void *ctx, const struct ccw_raw *raw, const struct ccw_event_name *name);
int rows_io_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count);
int rows_event_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count);

#endif /* CCWTRACE_ROWS_H */
