/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Takes events from a source and sums them up twice: over the interval that is filling, and over
 * everything since the start or the last clear. Live, time is the monotonic clock; from a
 * recording it is the time of the trace, which the caller lets pass.
 */
#ifndef CCWTOP_GATHER_H
#define CCWTOP_GATHER_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_select.h"
#include "trace/ccw_source.h"
#include "trace/ccw_stat.h"

struct top_gather;

/* Where live numbers come from. */
enum top_source {
	TOP_SOURCE_AUTO, /* BPF, or tracefs where that is not possible */
	TOP_SOURCE_BPF,
	TOP_SOURCE_TRACEFS,
};

/*
 * A recording if path is not NULL, else the running kernel. filter stays the caller's and must
 * outlive the gatherer, as must path. 0 or a negative errno with err filled.
 */
int top_gather_open(struct top_gather **g, const char *path, enum top_source source,
		    const struct ccw_filter *filter, struct ccw_error *err);
void top_gather_close(struct top_gather *g);

/*
 * From now on only these: filter as above, select an expression, NULL for all. Both stay the
 * caller's. The sums begin anew. With an expression, sums that are made in the kernel are of no
 * use: the live source becomes tracefs, and without one again what it was. 0, or a negative errno
 * with err filled and nothing changed.
 */
int top_gather_select(struct top_gather *g, const struct ccw_filter *filter,
		      const struct ccw_select *select, struct ccw_error *err);

bool top_gather_is_file(const struct top_gather *g);
const struct ccw_source_info *top_gather_info(const struct top_gather *g);

/*
 * Live: takes in the events that the kernel has now, before its buffers run over; often. Sums that
 * the kernel keeps can wait. 0 or a negative errno with err filled.
 */
int top_gather_drain(struct top_gather *g, struct ccw_error *err);

/* The same and the sums: once, at the end of an interval. For a recording nothing. */
int top_gather_collect(struct top_gather *g, struct ccw_error *err);

/*
 * Whose histograms of every stage are kept up in the sums: the total's always are, the others' cost
 * four times as much and are behind without this (enum ccw_watch; at first nobody's are). Returns
 * with those of sch, or of all, complete. 0 or a negative errno with err filled.
 */
int top_gather_watch(struct top_gather *g, enum ccw_watch watch, const struct ccw_sch *sch,
		     struct ccw_error *err);

/*
 * Recording: takes in everything before the time pos (ns, clock of the trace; only
 * top_gather_seek() goes back). 1 if there is more, 0 at the end of the recording, or a negative
 * errno with err filled.
 */
int top_gather_until(struct top_gather *g, uint64_t pos, struct ccw_error *err);

/* Recording: an empty interval jumps to pos, which is not behind the next record. */
void top_gather_skip(struct top_gather *g, uint64_t pos);

/*
 * Recording: to another place, forwards or back; what is between is not counted, and the sums begin
 * anew there. Places outside are its begin and its end. 0 or a negative errno with err filled.
 */
int top_gather_seek(struct top_gather *g, uint64_t pos, struct ccw_error *err);

/* Recording: first and last time in it, where the player stands, and the next record to come. */
uint64_t top_gather_first(const struct top_gather *g);
uint64_t top_gather_last(const struct top_gather *g);
uint64_t top_gather_pos(const struct top_gather *g);
bool top_gather_next(const struct top_gather *g, uint64_t *ts); /* false: not read yet, or none */
bool top_gather_ended(const struct top_gather *g);

/*
 * An interval ends when top_gather_end_interval() adds it to the sums; it stays readable until
 * top_gather_begin_interval() empties it. 0 or -ENOMEM.
 */
int top_gather_end_interval(struct top_gather *g);
void top_gather_begin_interval(struct top_gather *g);

struct ccw_stats *top_gather_interval(struct top_gather *g);
struct ccw_stats *top_gather_total(struct top_gather *g);
/* Length of the ended interval, and the time since start or clear; 0 if too short for a rate. */
double top_gather_interval_secs(const struct top_gather *g);
double top_gather_total_secs(const struct top_gather *g);

/* No sums are kept, only intervals: for who adds them up elsewhere. */
void top_gather_no_total(struct top_gather *g);

/* What a recording says of the device behind a subchannel; NULL: nothing, or not a recording. */
struct ccw_device;
const struct ccw_device *top_gather_device(const struct top_gather *g, struct ccw_sch sch);

/*
 * From now on past is fed as well; it stays the caller's and must outlive the gatherer. 0 or
 * -ENOMEM.
 */
struct top_past;
int top_gather_look_back(struct top_gather *g, struct top_past *past);

/* I/Os that take ns or longer are told to past one by one. 0 or a negative errno. */
int top_gather_set_slow(struct top_gather *g, uint64_t ns);

/* Forgets the sums: "since start" is since now. */
void top_gather_clear(struct top_gather *g);

#endif /* CCWTOP_GATHER_H */
