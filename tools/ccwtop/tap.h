/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a live screen looks at beside the source of its numbers: channel reports and path events
 * all the time; of the one subchannel somebody looks at also its channel programs and, where the
 * source of numbers has no transitions, the states of its state machine, counted by BPF. Both cost,
 * so both are off when nobody looks.
 */
#ifndef CCWTOP_TAP_H
#define CCWTOP_TAP_H

#include "tools/ccwtop/past.h"
#include "trace/ccw_filter.h"
#include "trace/ccw_residency.h"

struct top_tap;

/*
 * states: count states by BPF when asked to. What is not possible is said in the log of past. NULL:
 * no memory.
 */
struct top_tap *top_tap_new(const struct ccw_filter *filter, struct top_past *past, bool states);
void top_tap_free(struct top_tap *t);
/* Other subchannels from now on; as of top_tap_new(), filter stays the caller's. */
void top_tap_filter(struct top_tap *t, const struct ccw_filter *filter);

/* Somebody looks at sch from now on; NULL: at none. */
void top_tap_watch(struct top_tap *t, const struct ccw_sch *sch);

/* Takes in what came. */
void top_tap_drain(struct top_tap *t);

/* NULL, and why in the text of top_tap_why_not(): states are not counted, or not by this. */
const struct ccw_residency *top_tap_residency(struct top_tap *t);
uint64_t top_tap_since(const struct top_tap *t); /* when that began, CLOCK_MONOTONIC in ns */
const char *top_tap_why_no_states(const struct top_tap *t); /* empty: they are counted */
const char *top_tap_why_no_programs(const struct top_tap *t); /* empty: they are recorded */

#endif /* CCWTOP_TAP_H */
