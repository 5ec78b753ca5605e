/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which I/Os a person asked for: a span of time and an expression over the fields of struct
 * ccw_io, "device_ns > 1ms && dstat & UC".
 *
 *   expression   terms joined by || and &&, ! before, parentheses
 *   term         FIELD OP VALUE, FIELD & VALUE (any of these bits), or FIELD (not 0)
 *   OP           == != < <= > >= (= means ==)
 *   VALUE        a number (decimal, 0x), with ns us ms s KiB MiB; names of the field's values:
 *                CE|DE for dstat, -EIO for rc, "unit check" for result ..., 0.0.0003 for sch
 *
 * A stage that was not measured makes a comparison of it false, whichever it is.
 */
#ifndef TRACE_CCW_SELECT_H
#define TRACE_CCW_SELECT_H

#include "trace/ccw_source.h"

struct ccw_select;

struct ccw_select *ccw_select_new(void); /* selects everything; NULL: no memory */
void ccw_select_free(struct ccw_select *sel);

/*
 * Adds an expression; several are joined by &&. 0, -ENOMEM, or -EINVAL with err telling what is
 * wrong and at which column.
 */
int ccw_select_add(struct ccw_select *sel, const char *expression, struct ccw_error *err);

/*
 * Bounds of the time, both included: seconds from the first record, "12.5", or "@12345.678", on
 * the clock of the trace; units us, ms, s, m, h may follow. 0, or -EINVAL with err: no time, or
 * nothing between the two.
 */
int ccw_select_since(struct ccw_select *sel, const char *text, struct ccw_error *err);
int ccw_select_until(struct ccw_select *sel, const char *text, struct ccw_error *err);

/* Times from the start count from first, the time of the first record. Call before matching. */
void ccw_select_start(struct ccw_select *sel, uint64_t first);

/* The bounds on the clock of the trace: 0 and UINT64_MAX if there are none. */
void ccw_select_bounds(const struct ccw_select *sel, uint64_t *from, uint64_t *to);

/* The part, in ns, that it leaves of the duration of a recording that begins at first. */
uint64_t ccw_select_span(const struct ccw_select *sel, uint64_t first, uint64_t duration);

bool ccw_select_time(const struct ccw_select *sel, uint64_t ts);
bool ccw_select_io(const struct ccw_select *sel, const struct ccw_io *io); /* time and fields */
bool ccw_select_fields(const struct ccw_select *sel, const struct ccw_io *io); /* fields alone */
bool ccw_select_has_fields(const struct ccw_select *sel); /* false: only a time, or nothing */
bool ccw_select_any(const struct ccw_select *sel); /* false: selects everything */

/* The field's names, for help and completion; NULL after the last. */
const char *ccw_select_field(unsigned int i);

#endif /* TRACE_CCW_SELECT_H */
