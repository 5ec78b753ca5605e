/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events beside I/Os and transitions: channel reports, channel paths, channel programs. Taken from
 * raw records of a source into the past.
 */
#ifndef CCWTOP_NOTICE_H
#define CCWTOP_NOTICE_H

#include <stdbool.h>

#include "tools/ccwtop/past.h"
#include "trace/ccw_filter.h"
#include "trace/ccw_source.h"

struct top_notices;

/* Uses the source as long as it lives. NULL: no memory. */
struct top_notices *top_notices_new(struct ccw_source *src);
void top_notices_free(struct top_notices *n);
bool top_notices_programs(const struct top_notices *n); /* the source describes vfio_ccw_ccw */

bool top_notices_wanted(const struct top_notices *n, const struct ccw_raw *raw);
/* Of a record that is wanted. What is damaged is passed over. */
void top_notices_take(const struct top_notices *n, const struct ccw_raw *raw,
		      const struct ccw_filter *filter, struct top_past *past);

#endif /* CCWTOP_NOTICE_H */
