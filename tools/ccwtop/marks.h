/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The subchannels that a person marked. They stay marked while they come and go.
 */
#ifndef CCWTOP_MARKS_H
#define CCWTOP_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

/* All zero: none. */
struct top_marks {
	uint32_t *key; /* ccw_sch_key(), ascending */
	size_t count, room;
};

bool top_marked(const struct top_marks *m, struct ccw_sch sch);
int top_marks_toggle(struct top_marks *m, struct ccw_sch sch); /* 0 or -ENOMEM */
void top_marks_clear(struct top_marks *m);
void top_marks_free(struct top_marks *m);

#endif /* CCWTOP_MARKS_H */
