/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Batch output for programs: the columns as plain numbers whose names carry the unit. What is not
 * known is null, or empty in csv; it is never 0.
 */
#ifndef CCWTOP_FORMAT_H
#define CCWTOP_FORMAT_H

#include <stdio.h>

#include "tools/ccwtop/view.h"

enum top_format { TOP_TEXT, TOP_CSV, TOP_JSON, TOP_JSONL };

/* "text", "csv", "json" or "jsonl". 0 or -EINVAL. */
int top_format_parse(const char *name, enum top_format *format);

/*
 * Begin, one call an interval, end: what was written is whole after end(), however few intervals
 * there were. n counts the intervals from 0. top_format_interval(): 0 or -ENOMEM; errors of
 * the stream stay in it.
 */
void top_format_begin(enum top_format format, const struct top_view *v, FILE *f);
int top_format_interval(enum top_format format, const struct top_view *v, unsigned long n, FILE *f);
void top_format_end(enum top_format format, FILE *f);

#endif /* CCWTOP_FORMAT_H */
