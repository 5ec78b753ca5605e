/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that the views look back at: history, log, failures, single I/Os, states. A screen has
 * one, batch output and the exporter do not. The gatherer feeds it with what comes from the source,
 * a refresh with what the rows are. Functions that return int: 0 or -ENOMEM.
 */
#ifndef CCWTOP_PAST_H
#define CCWTOP_PAST_H

#include "tools/ccwtop/faults.h"
#include "tools/ccwtop/history.h"
#include "tools/ccwtop/log.h"
#include "tools/ccwtop/model.h"
#include "tools/ccwtop/told.h"
#include "trace/ccw_residency.h"

#define TOP_SLOW_NS 10000000ULL /* by default, an I/O that takes so long is slow */

struct top_past;

struct top_past *top_past_new(uint64_t slow_ns); /* NULL: no memory */
void top_past_free(struct top_past *p);
uint64_t top_past_slow_ns(const struct top_past *p);

/* Counting begins anew. Only the log stays. */
void top_past_clear(struct top_past *p);
/* The clock goes back, or jumps: nothing stays. */
void top_past_forget(struct top_past *p);

/* An I/O, of those that the source tells one by one: at least those slow or failed. */
int top_past_io(struct top_past *p, const struct ccw_io *io);
int top_past_fsm(struct top_past *p, const struct ccw_fsm *fsm);
void top_past_lost(struct top_past *p); /* records: states are unknown for a while */
void top_past_note(struct top_past *p, uint64_t ts, const char *text); /* of the source */

/*
 * An interval ended at time end: m is its rows, interval and total what they were made of, info
 * what the source says of itself. live: rows know whether their subchannel is bound.
 */
int top_past_interval(struct top_past *p, uint64_t end, const struct top_model *m,
		      struct ccw_stats *interval, struct ccw_stats *total,
		      const struct ccw_source_info *info, bool live);

struct top_history *top_past_history(struct top_past *p);
struct top_log *top_past_log(struct top_past *p);
struct top_faults *top_past_faults(struct top_past *p);
struct top_tolds *top_past_tolds(struct top_past *p);

/* From transitions that came one by one. NULL: none did. */
const struct ccw_residency *top_past_residency(const struct top_past *p, struct ccw_sch sch);

#endif /* CCWTOP_PAST_H */
