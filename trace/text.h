/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text built piece by piece in a buffer of fixed size. What does not fit is cut and ends in "...".
 * Private to the library.
 */
#ifndef TRACE_TEXT_H
#define TRACE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/ccw_source.h"

struct ccw_text {
	char *buf;
	size_t len, pos;
	bool cut;
};

#define CCW_TEXT(buffer, length) { .buf = (buffer), .len = (length) }

void ccw_text_add(struct ccw_text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *ccw_text_end(struct ccw_text *t); /* the buffer, always terminated; "" if len is 0 */

/* Fills err and returns rc, so that an error path is one statement. err may be NULL. */
int ccw_fail(struct ccw_error *err, int rc, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* TRACE_TEXT_H */
