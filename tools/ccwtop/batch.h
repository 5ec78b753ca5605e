/* SPDX-License-Identifier: GPL-2.0 */
#ifndef CCWTOP_BATCH_H
#define CCWTOP_BATCH_H

#include "tools/ccwtop/format.h"
#include "tools/ccwtop/view.h"

/*
 * Writes a block per interval to standard output until the count is reached, the recording
 * ends, a signal comes or nobody reads any more. 0 or a negative errno with err filled.
 */
int top_batch_run(struct top_view *v, enum top_format format, struct ccw_error *err);

/* One block of text: what the table shows, with every column of the selection. */
void top_batch_block(const struct top_view *v, FILE *f);

#endif /* CCWTOP_BATCH_H */
