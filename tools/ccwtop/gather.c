// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/ccwtop/gather.h"
#include "tools/ccwtop/notice.h"
#include "tools/ccwtop/past.h"
#include "trace/ccw_device.h"

#define NSEC_PER_SEC 1000000000ULL

/* ns; a recording of one or two I/Os has no rate. */
#define SHORTEST 1000
#define SLIVER 50000000

/* A sink's way to say: that was one record too far. Not an errno. */
#define STOP 1

struct top_gather {
	struct ccw_source *src;
	const struct ccw_filter *filter;
	const struct ccw_select *select; /* NULL: every I/O */
	enum top_source wanted;
	struct ccw_stats *interval, *total;
	const char *path; /* NULL: live */
	bool file, ended;
	bool seeking; /* what is read is not counted */
	bool no_total;
	bool slow_set;
	uint64_t slow_ns; /* what top_gather_set_slow() was told, for another source */
	/* ns: monotonic clock live, clock of the trace for a recording */
	uint64_t pos, interval_start, interval_end, total_start;
	uint64_t first, last;
	enum ccw_watch watch;
	struct ccw_sch watched;
	/* Recording: the first record behind pos was read already; it opens the next step. */
	enum { NONE, IO, FSM, NOTICE } ahead;
	union {
		struct ccw_io io;
		struct ccw_fsm fsm;
		struct ccw_raw raw; /* its data is ours */
	} next;
	struct top_past *past; /* NULL: nobody looks back */
	struct top_notices *notices; /* of a recording, with past */
};

static uint64_t monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

static int count_io(struct top_gather *g, const struct ccw_io *io)
{
	struct ccw_stat *st;

	if (g->seeking || !ccw_filter_match(g->filter, io->sch))
		return 0;
	st = ccw_stats_get(g->interval, io->sch);
	if (!st)
		return -ENOMEM;
	if (g->select && !ccw_select_io(g->select, io)) {
		ccw_stat_skip(st, io);
		return 0;
	}
	if (ccw_stat_add(st, io))
		return -ENOMEM;
	return g->past ? top_past_io(g->past, io) : 0;
}

static int count_fsm(struct top_gather *g, const struct ccw_fsm *fsm)
{
	struct ccw_stat *st;

	if (g->seeking || !ccw_filter_match(g->filter, fsm->sch))
		return 0;
	st = ccw_stats_get(g->interval, fsm->sch);
	if (!st)
		return -ENOMEM;
	ccw_stat_fsm(st, fsm);
	return g->past ? top_past_fsm(g->past, fsm) : 0;
}

static void take_notice(struct top_gather *g, const struct ccw_raw *raw)
{
	if (!g->seeking)
		top_notices_take(g->notices, raw, g->filter, g->past);
}

/* The last instant that a clock can show has nothing behind it. */
static bool due(const struct top_gather *g, uint64_t ts)
{
	return !g->file || ts < g->pos || g->pos == UINT64_MAX;
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct top_gather *g = ctx;

	if (due(g, io->ts))
		return count_io(g, io);
	g->next.io = *io;
	g->ahead = IO;
	return STOP;
}

static int on_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	struct top_gather *g = ctx;

	if (due(g, fsm->ts))
		return count_fsm(g, fsm);
	g->next.fsm = *fsm;
	g->ahead = FSM;
	return STOP;
}

static int on_sum(void *ctx, const struct ccw_stat *sum)
{
	struct top_gather *g = ctx;
	struct ccw_stat *st;

	if (!ccw_filter_match(g->filter, sum->sch))
		return 0;
	st = ccw_stats_get(g->interval, sum->sch);
	return st ? ccw_stat_merge(st, sum) : -ENOMEM;
}

static int on_told(void *ctx, const struct ccw_io *io)
{
	struct top_gather *g = ctx;
	struct ccw_stat *st;

	if (!ccw_filter_match(g->filter, io->sch))
		return 0;
	st = ccw_stats_get(g->interval, io->sch);
	if (!st || ccw_stat_told(st, io))
		return -ENOMEM;
	return g->past ? top_past_io(g->past, io) : 0;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct top_gather *g = ctx;

	(void)cpu;
	(void)ts;
	(void)count;
	if (g->past)
		top_past_lost(g->past);
	return 0;
}

static int on_raw(void *ctx, const struct ccw_raw *raw)
{
	struct top_gather *g = ctx;
	uint8_t *data;

	if (!top_notices_wanted(g->notices, raw))
		return 0;
	if (due(g, raw->ts)) {
		take_notice(g, raw);
		return 0;
	}
	data = malloc(raw->len);
	if (!data)
		return -ENOMEM;
	memcpy(data, raw->data, raw->len);
	g->next.raw = *raw;
	g->next.raw.data = data;
	g->ahead = NOTICE;
	return STOP;
}

/* What was read too far is not wanted any more. */
static void drop_ahead(struct top_gather *g)
{
	if (g->ahead == NOTICE)
		free((void *)g->next.raw.data);
	g->ahead = NONE;
}

/* What came before somebody looked is of no interval. */
static int on_catch_up(void *ctx, const struct ccw_stat *sum)
{
	struct top_gather *g = ctx;
	struct ccw_stat *st;

	if (!ccw_filter_match(g->filter, sum->sch))
		return 0;
	st = ccw_stats_get(g->total, sum->sch);
	return st ? ccw_stat_merge(st, sum) : -ENOMEM;
}

static int on_discard(void *ctx, const struct ccw_stat *sum)
{
	(void)ctx;
	(void)sum;
	return 0;
}

/*
 * The best that is possible: our driver's story over the common I/O layer's, sums made in the
 * kernel over copying every event.
 */
static int open_live(struct top_gather *g, enum top_source source, struct ccw_error *err)
{
	struct ccw_error other;
	int rc = -ENODEV;

	if (source != TOP_SOURCE_TRACEFS) {
		rc = ccw_source_open_bpf(&g->src, CCW_BPF_DRIVER, err);
		if (!rc || (source == TOP_SOURCE_BPF && rc != -ENODEV))
			return rc;
	}
	if (source != TOP_SOURCE_BPF) {
		rc = ccw_source_open_tracefs(&g->src, err);
		if (!rc || source == TOP_SOURCE_TRACEFS)
			return rc;
	}
	/* No driver of ours: the error to show is the one about it, should this fail as well. */
	return ccw_source_open_bpf(&g->src, CCW_BPF_CIO, &other) ? rc : 0;
}

int top_gather_open(struct top_gather **gp, const char *path, enum top_source source,
		    const struct ccw_filter *filter, struct ccw_error *err)
{
	struct top_gather *g = calloc(1, sizeof(*g));
	int rc = -ENOMEM;

	if (!g)
		goto fail;
	g->filter = filter;
	g->wanted = source;
	g->file = path;
	g->path = path;
	g->interval = ccw_stats_new();
	g->total = ccw_stats_new();
	if (!g->interval || !g->total)
		goto fail;
	if (path)
		rc = ccw_source_open_file(&g->src, path, err);
	else
		rc = open_live(g, source, err);
	if (rc) {
		top_gather_close(g);
		return rc;
	}
	if (g->file) {
		/* A recording that holds nothing is over before it begins. */
		g->ended = ccw_source_range(g->src, &g->first, &g->last) != 0;
		if (g->last < g->first)
			g->last = g->first;
		g->pos = g->first;
	} else {
		g->pos = monotonic_ns();
	}
	g->interval_start = g->interval_end = g->total_start = g->pos;
	rc = top_gather_watch(g, CCW_WATCH_NONE, NULL, err);
	if (rc) {
		top_gather_close(g);
		return rc;
	}
	*gp = g;
	return 0;
fail:
	top_gather_close(g);
	snprintf(err->text, sizeof(err->text), "out of memory");
	return rc;
}

void top_gather_close(struct top_gather *g)
{
	if (!g)
		return;
	drop_ahead(g);
	top_notices_free(g->notices);
	if (g->src)
		ccw_source_close(g->src);
	ccw_stats_free(g->interval);
	ccw_stats_free(g->total);
	free(g);
}

bool top_gather_is_file(const struct top_gather *g)
{
	return g->file;
}

const struct ccw_source_info *top_gather_info(const struct top_gather *g)
{
	return ccw_source_info(g->src);
}

/* A sink has no way to say what went wrong; only memory can. */
static int explain(int rc, struct ccw_error *err)
{
	if (rc == -ENOMEM)
		snprintf(err->text, sizeof(err->text), "out of memory");
	return rc;
}

static int drain(struct top_gather *g, bool sums, struct ccw_error *err)
{
	const struct ccw_sink sink = {
		.io = on_io, .fsm = on_fsm, .sum = sums ? on_sum : NULL, .told = on_told,
		.lost = on_lost, .ctx = g,
	};
	int rc = ccw_source_read(g->src, &sink, 0, 0, err);

	g->pos = monotonic_ns();
	return rc < 0 ? explain(rc, err) : 0;
}

int top_gather_watch(struct top_gather *g, enum ccw_watch watch, const struct ccw_sch *sch,
		     struct ccw_error *err)
{
	const struct ccw_sink sink = { .sum = on_catch_up, .ctx = g };
	struct ccw_sch which = sch ? *sch : (struct ccw_sch){ 0 };
	int rc;

	if (g->watch == watch && ccw_sch_key(g->watched) == ccw_sch_key(which))
		return 0;
	rc = ccw_source_watch(g->src, watch, which, &sink, err);
	if (rc)
		return explain(rc, err);
	g->watch = watch;
	g->watched = which;
	return 0;
}

int top_gather_drain(struct top_gather *g, struct ccw_error *err)
{
	return drain(g, false, err);
}

int top_gather_collect(struct top_gather *g, struct ccw_error *err)
{
	return g->file ? 0 : drain(g, true, err);
}

int top_gather_until(struct top_gather *g, uint64_t pos, struct ccw_error *err)
{
	const struct ccw_sink sink = {
		.io = on_io, .fsm = on_fsm, .lost = on_lost, .raw = g->notices ? on_raw : NULL,
		.ctx = g,
	};
	int rc = 0;

	if (pos > g->pos)
		g->pos = pos;
	if (g->ahead == IO && due(g, g->next.io.ts)) {
		g->ahead = NONE;
		rc = count_io(g, &g->next.io);
	} else if (g->ahead == FSM && due(g, g->next.fsm.ts)) {
		g->ahead = NONE;
		rc = count_fsm(g, &g->next.fsm);
	} else if (g->ahead == NOTICE && due(g, g->next.raw.ts)) {
		take_notice(g, &g->next.raw);
		drop_ahead(g);
	}
	if (rc)
		return explain(rc, err);
	if (g->ahead == NONE && !g->ended) {
		rc = ccw_source_read(g->src, &sink, 0, 0, err);
		if (rc < 0)
			return explain(rc, err);
		g->ended = !rc && g->ahead == NONE;
	}
	return g->ended ? 0 : 1;
}

void top_gather_skip(struct top_gather *g, uint64_t pos)
{
	if (pos > g->pos)
		g->pos = g->interval_start = pos;
}

/* New sums: old ones know numbers of requests that would look lost. */
static int forget(struct top_gather *g)
{
	struct ccw_stats *interval = ccw_stats_new(), *total = ccw_stats_new();

	if (!interval || !total) {
		ccw_stats_free(interval);
		ccw_stats_free(total);
		return -ENOMEM;
	}
	ccw_stats_free(g->interval);
	ccw_stats_free(g->total);
	g->interval = interval;
	g->total = total;
	if (g->past)
		top_past_forget(g->past);
	return 0;
}

int top_gather_look_back(struct top_gather *g, struct top_past *past)
{
	struct top_notices *notices = NULL;

	if (g->file) {
		notices = top_notices_new(g->src);
		if (!notices)
			return -ENOMEM;
		top_notices_free(g->notices);
		g->notices = notices;
	}
	g->past = past;
	return 0;
}

int top_gather_set_slow(struct top_gather *g, uint64_t ns)
{
	int rc = ccw_source_set_slow(g->src, ns);

	g->slow_set = true;
	g->slow_ns = ns;
	return rc == -EOPNOTSUPP ? 0 : rc;
}

/* A source reads forwards only: backwards is to open it again. */
static int rewind_source(struct top_gather *g, struct ccw_error *err)
{
	struct ccw_source *src;
	int rc = ccw_source_open_file(&src, g->path, err);

	if (rc)
		return rc;
	drop_ahead(g);
	ccw_source_close(g->src);
	g->src = src;
	g->pos = g->first;
	g->ended = false;
	return g->past ? top_gather_look_back(g, g->past) : 0;
}

int top_gather_seek(struct top_gather *g, uint64_t pos, struct ccw_error *err)
{
	int rc = 0;

	pos = pos < g->first ? g->first : pos > g->last ? g->last : pos;
	if (pos < g->pos || g->ended)
		rc = rewind_source(g, err);
	if (!rc)
		rc = explain(forget(g), err);
	if (rc)
		return rc;
	g->seeking = true;
	rc = top_gather_until(g, pos, err);
	g->seeking = false;
	g->interval_start = g->interval_end = g->total_start = pos;
	return rc < 0 ? rc : 0;
}

uint64_t top_gather_first(const struct top_gather *g)
{
	return g->first;
}

uint64_t top_gather_last(const struct top_gather *g)
{
	return g->last;
}

uint64_t top_gather_pos(const struct top_gather *g)
{
	return g->pos;
}

bool top_gather_next(const struct top_gather *g, uint64_t *ts)
{
	if (g->ahead == NONE)
		return false;
	*ts = g->ahead == IO ? g->next.io.ts : g->ahead == FSM ? g->next.fsm.ts : g->next.raw.ts;
	return true;
}

bool top_gather_ended(const struct top_gather *g)
{
	return g->ended;
}

int top_gather_end_interval(struct top_gather *g)
{
	size_t i, n = g->no_total ? 0 : ccw_stats_count(g->interval);

	for (i = 0; i < n; i++) {
		struct ccw_stat *from = ccw_stats_at(g->interval, i);
		struct ccw_stat *to = ccw_stats_get(g->total, from->sch);
		int rc = to ? ccw_stat_merge(to, from) : -ENOMEM;

		if (rc)
			return rc;
	}
	g->interval_end = g->pos;
	return 0;
}

/*
 * The statistics of a subchannel are emptied, not freed: they know the last request number, which
 * tells requests that got lost between two intervals.
 */
void top_gather_begin_interval(struct top_gather *g)
{
	size_t i, n = ccw_stats_count(g->interval);

	for (i = 0; i < n; i++)
		ccw_stat_reset(ccw_stats_at(g->interval, i));
	g->interval_start = g->interval_end;
}

struct ccw_stats *top_gather_interval(struct top_gather *g)
{
	return g->interval;
}

struct ccw_stats *top_gather_total(struct top_gather *g)
{
	return g->total;
}

static double secs(uint64_t from, uint64_t to)
{
	return to > from && to - from >= SHORTEST ? (double)(to - from) / NSEC_PER_SEC : 0;
}

double top_gather_interval_secs(const struct top_gather *g)
{
	/* Live, what came in the moment since a new filter makes no rate. */
	if (!g->file && g->interval_end - g->interval_start < SLIVER)
		return 0;
	return secs(g->interval_start, g->interval_end);
}

double top_gather_total_secs(const struct top_gather *g)
{
	uint64_t end = g->interval_end;

	/* Whoever looked a little behind the last record does not make the recording longer. */
	if (g->file && end > g->last)
		end = g->last;
	return secs(g->total_start, end);
}

void top_gather_no_total(struct top_gather *g)
{
	g->no_total = true;
}

const struct ccw_device *top_gather_device(const struct top_gather *g, struct ccw_sch sch)
{
	return g->file ? ccw_source_device(g->src, sch) : NULL;
}

void top_gather_clear(struct top_gather *g)
{
	const struct ccw_sink sink = { .sum = on_discard };
	size_t i, n = ccw_stats_count(g->total);
	struct ccw_error err;

	/* What waits in the source is of the past as well. If this fails, so will the next read. */
	ccw_source_watch(g->src, CCW_WATCH_ALL, g->watched, &sink, &err);
	ccw_source_watch(g->src, g->watch, g->watched, &sink, &err);
	for (i = 0; i < n; i++)
		ccw_stat_reset(ccw_stats_at(g->total, i));
	g->total_start = g->interval_end;
	if (g->past)
		top_past_clear(g->past);
}

/* Sums made in the kernel know nothing of single I/Os. 1: another source was opened, 0: none. */
static int open_for(struct top_gather *g, bool singly, struct ccw_error *err)
{
	struct ccw_source *before = g->src;
	bool sums = !strcmp(ccw_source_info(before)->kind, "bpf");
	struct ccw_sch watched = g->watched;
	enum ccw_watch watch = g->watch;
	int rc;

	if (g->file || singly != sums || (!singly && g->wanted == TOP_SOURCE_TRACEFS))
		return 0;
	if (singly && g->wanted == TOP_SOURCE_BPF) {
		snprintf(err->text, sizeof(err->text),
			 "a filter needs every single I/O, and bpf has only their sums (use "
			 "--source tracefs)");
		return -EOPNOTSUPP;
	}
	rc = open_live(g, singly ? TOP_SOURCE_TRACEFS : g->wanted, err);
	if (rc) {
		g->src = before;
		return rc;
	}
	rc = g->slow_set ? ccw_source_set_slow(g->src, g->slow_ns) : 0;
	if (rc && rc != -EOPNOTSUPP) {
		ccw_source_close(g->src);
		g->src = before;
		snprintf(err->text, sizeof(err->text),
			 "the BPF programs do not take the limit of slow I/Os: %s", strerror(-rc));
		return rc;
	}
	ccw_source_close(before);
	/* A new source watches all: tell it what the old one watched. */
	g->watch = CCW_WATCH_ALL;
	rc = top_gather_watch(g, watch, &watched, err);
	return rc ? rc : 1;
}

int top_gather_select(struct top_gather *g, const struct ccw_filter *filter,
		      const struct ccw_select *select, struct ccw_error *err)
{
	int rc = open_for(g, select, err);

	if (rc < 0)
		return rc;
	/* Sums that wait in the kernel are of the past: they go into what is forgotten. */
	rc = top_gather_collect(g, err);
	rc = rc ? rc : explain(forget(g), err);
	if (rc)
		return rc;
	g->filter = filter;
	g->select = select;
	g->interval_start = g->interval_end = g->total_start = g->pos;
	return 0;
}
