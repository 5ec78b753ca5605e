/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which subchannels a person asked for with -s.
 */
#ifndef CCWTOP_FILTER_H
#define CCWTOP_FILTER_H

#include <stdbool.h>

#include "trace/ccw_io.h"

struct top_filter;

/*
 * Adds a list to *filter (made if NULL): items separated by commas, each a subchannel "0.0.0003",
 * a range "0.0.0003-0.0.0010" or a pattern of the shell "0.0.00*". 0, -EINVAL with the item that
 * was not understood in bad (may be NULL), or -ENOMEM.
 */
int top_filter_add(struct top_filter **filter, const char *list, char *bad, size_t badlen);
bool top_filter_match(const struct top_filter *filter, struct ccw_sch sch); /* NULL matches all */
void top_filter_free(struct top_filter *filter);

#endif /* CCWTOP_FILTER_H */
