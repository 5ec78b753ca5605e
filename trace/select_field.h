/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fields of an I/O by name, for filters. Private to the library.
 */
#ifndef TRACE_SELECT_FIELD_H
#define TRACE_SELECT_FIELD_H

#include <stdbool.h>

#include "trace/ccw_io.h"

int ccw_field_find(const char *name); /* its number, -1: there is none */
/* What a person wrote, as a number that can be compared. 0 or -EINVAL */
int ccw_field_value(unsigned int field, const char *text, __int128 *value);
const char *ccw_field_wants(unsigned int field); /* for an error message */
/* false: this I/O has no such value, as a device time when it was refused */
bool ccw_field_get(unsigned int field, const struct ccw_io *io, __int128 *value);

#endif /* TRACE_SELECT_FIELD_H */
