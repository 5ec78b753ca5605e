/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which subchannels a person asked for with -s.
 */
#ifndef TRACE_CCW_FILTER_H
#define TRACE_CCW_FILTER_H

#include <stdbool.h>

#include "trace/ccw_io.h"

struct ccw_filter;

/*
 * Adds a list to *filter (made if NULL): items separated by commas, each a subchannel "0.0.0003",
 * a range "0.0.0003-0.0.0010" or a pattern of the shell "0.0.00*". 0, -EINVAL with the item that
 * was not understood in bad (may be NULL), or -ENOMEM.
 */
int ccw_filter_add(struct ccw_filter **filter, const char *list, char *bad, size_t badlen);

/*
 * The same as a filter of the kernel's tracer, with field as the name of the device number's
 * field. Patterns become the subchannels that match now. *text is to be freed by the caller.
 * -ENOENT: a pattern matches no subchannel of this machine.
 */
int ccw_filter_kernel(const struct ccw_filter *filter, const char *field, char **text);
bool ccw_filter_match(const struct ccw_filter *filter, struct ccw_sch sch); /* NULL matches all */
void ccw_filter_free(struct ccw_filter *filter);

#endif /* TRACE_CCW_FILTER_H */
