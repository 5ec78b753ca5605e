// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtop/past.h"
#include "trace/ccw_names.h"

/* What was known of a subchannel, to see what changes. */
struct known {
	uint32_t key;
	bool bound, gone;
	uint64_t seen; /* number of the interval whose rows it was last among */
	uint64_t missing;
	struct ccw_residency *residency; /* NULL: no transition came */
};

struct top_past {
	uint64_t slow_ns;
	struct top_history *history;
	struct top_log *log;
	struct top_faults *faults;
	struct top_tolds *tolds;
	struct known **table; /* open addressing, a power of two */
	size_t size, used;
	uint64_t intervals;
	uint64_t lost;
	bool lost_unknown, truncated;
};

struct top_past *top_past_new(uint64_t slow_ns)
{
	struct top_past *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->slow_ns = slow_ns;
	p->history = top_history_new();
	p->log = top_log_new();
	p->faults = top_faults_new();
	p->tolds = top_tolds_new();
	if (p->history && p->log && p->faults && p->tolds)
		return p;
	top_past_free(p);
	return NULL;
}

static void forget_known(struct top_past *p)
{
	size_t i;

	for (i = 0; i < p->size; i++) {
		if (p->table[i])
			free(p->table[i]->residency);
		free(p->table[i]);
	}
	free(p->table);
	p->table = NULL;
	p->size = p->used = 0;
}

void top_past_free(struct top_past *p)
{
	if (!p)
		return;
	forget_known(p);
	top_history_free(p->history);
	top_log_free(p->log);
	top_faults_free(p->faults);
	top_tolds_free(p->tolds);
	free(p);
}

uint64_t top_past_slow_ns(const struct top_past *p)
{
	return p->slow_ns;
}

void top_past_clear(struct top_past *p)
{
	size_t i;

	top_history_clear(p->history);
	top_faults_clear(p->faults);
	top_tolds_clear(p->tolds);
	for (i = 0; i < p->size; i++) {
		struct known *k = p->table[i];

		if (!k)
			continue;
		k->missing = 0;
		free(k->residency);
		k->residency = NULL;
	}
}

void top_past_forget(struct top_past *p)
{
	top_past_clear(p);
	top_log_clear(p->log);
	forget_known(p);
	p->lost = 0;
	p->lost_unknown = p->truncated = false;
}

static struct known **place(struct known **table, size_t size, uint32_t key)
{
	size_t i = key * 0x9e3779b1U & (size - 1);

	while (table[i] && table[i]->key != key)
		i = (i + 1) & (size - 1);
	return &table[i];
}

static int grow(struct top_past *p)
{
	size_t size = p->size ? 2 * p->size : 64, i;
	struct known **table = calloc(size, sizeof(struct known *));

	if (!table)
		return -ENOMEM;
	for (i = 0; i < p->size; i++) {
		if (p->table[i])
			*place(table, size, p->table[i]->key) = p->table[i];
	}
	free(p->table);
	p->table = table;
	p->size = size;
	return 0;
}

static struct known *get(struct top_past *p, struct ccw_sch sch, bool *new)
{
	struct known **at;

	if (2 * (p->used + 1) > p->size && grow(p))
		return NULL;
	at = place(p->table, p->size, ccw_sch_key(sch));
	*new = !*at;
	if (!*at) {
		*at = calloc(1, sizeof(struct known));
		if (!*at)
			return NULL;
		(*at)->key = ccw_sch_key(sch);
		p->used++;
	}
	return *at;
}

static enum ccw_stage longest(const struct ccw_io *io)
{
	enum ccw_stage most = CCW_TOTAL;
	int s;

	for (s = 0; s < CCW_TOTAL; s++) {
		if (io->have & 1U << s && (most == CCW_TOTAL || io->ns[s] > io->ns[most]))
			most = s;
	}
	return most;
}

/* How long it took as far as that was measured: the common I/O layer knows the device's time. */
static uint64_t took(const struct ccw_io *io)
{
	if (io->have & 1U << CCW_TOTAL)
		return io->ns[CCW_TOTAL];
	return io->have & 1U << CCW_DEVICE ? io->ns[CCW_DEVICE] : 0;
}

/* Rounded down to a power of two of milliseconds or so: what repeats shall look the same. */
static void log_slow(struct top_past *p, const struct ccw_io *io)
{
	enum ccw_stage stage = longest(io);
	char over[16], cmd[48] = "";
	uint64_t ns = p->slow_ns;

	while (ns && ns <= took(io) / 2)
		ns *= 2;
	if (io->ccws || io->cmd)
		snprintf(cmd, sizeof(cmd), ": %02x %s", io->cmd, ccw_cmd_name(io->cmd));
	top_log_add(p->log, io->ts, TOP_LOG_SLOW, &io->sch, "over %s%s%s%s",
		    ccw_ns_str(ns, over, sizeof(over)),
		    stage < CCW_TOTAL ? ", most in " : "",
		    stage < CCW_TOTAL ? ccw_stage_name(stage) : "", cmd);
}

int top_past_io(struct top_past *p, const struct ccw_io *io)
{
	char text[96];

	if (took(io) >= p->slow_ns) {
		top_tolds_add(p->tolds, TOP_SLOW, io);
		log_slow(p, io);
	}
	if (ccw_io_result(io) == CCW_OK)
		return 0;
	top_tolds_add(p->tolds, TOP_FAILED, io);
	top_log_add(p->log, io->ts, TOP_LOG_ERROR, &io->sch, "%s",
		    ccw_io_error_str(io, text, sizeof(text)));
	return top_faults_io(p->faults, io);
}

int top_past_fsm(struct top_past *p, const struct ccw_fsm *fsm)
{
	struct known *k;
	bool new;

	k = get(p, fsm->sch, &new);
	if (k && !k->residency)
		k->residency = calloc(1, sizeof(*k->residency));
	if (!k || !k->residency)
		return -ENOMEM;
	ccw_residency_add(k->residency, fsm);
	if (fsm->from != fsm->to && fsm->to == VFIO_CCW_STATE_NOT_OPER)
		top_log_add(p->log, fsm->ts, TOP_LOG_DEVICE, &fsm->sch, "not operational");
	else if (fsm->from != fsm->to && fsm->from == VFIO_CCW_STATE_NOT_OPER)
		top_log_add(p->log, fsm->ts, TOP_LOG_DEVICE, &fsm->sch, "operational: %s",
			    ccw_state_name(fsm->to));
	/* The rows say the same a little later. */
	k->gone = fsm->to == VFIO_CCW_STATE_NOT_OPER;
	return 0;
}

void top_past_lost(struct top_past *p)
{
	size_t i;

	for (i = 0; i < p->size; i++) {
		if (p->table[i] && p->table[i]->residency)
			ccw_residency_lost(p->table[i]->residency);
	}
}

void top_past_note(struct top_past *p, uint64_t ts, const char *text)
{
	top_log_add(p->log, ts, TOP_LOG_SOURCE, NULL, "%s", text);
}

static void source_changes(struct top_past *p, uint64_t end, const struct ccw_source_info *info)
{
	if (info->lost > p->lost)
		top_log_add(p->log, end, TOP_LOG_LOST, NULL,
			    "%llu events lost: numbers are too low",
			    (unsigned long long)(info->lost - p->lost));
	else if (info->lost_unknown && !p->lost_unknown)
		top_log_add(p->log, end, TOP_LOG_LOST, NULL, "events lost, nobody knows how many: "
			    "numbers are too low");
	if (info->truncated && !p->truncated)
		top_log_add(p->log, end, TOP_LOG_SOURCE, NULL, "the recording ends early: %s",
			    info->note);
	p->lost = info->lost;
	p->lost_unknown = info->lost_unknown;
	p->truncated = info->truncated;
}

static int row_changes(struct top_past *p, uint64_t end, const struct top_row *row, bool live)
{
	bool new, gone = !strcmp(row->state, ccw_state_name(VFIO_CCW_STATE_NOT_OPER));
	struct known *k = get(p, row->sch, &new);

	if (!k)
		return -ENOMEM;
	if (live && !new && k->bound != row->dev.bound)
		top_log_add(p->log, end, TOP_LOG_DEVICE, &row->sch, "%s vfio_ccw",
			    row->dev.bound ? "bound to" : "unbound from");
	if (live && k->gone != gone && row->dev.bound)
		top_log_add(p->log, end, TOP_LOG_DEVICE, &row->sch, "%s%s",
			    gone ? "not operational" : "operational: ", gone ? "" : row->state);
	if (row->missing > k->missing)
		top_log_add(p->log, end, TOP_LOG_LOST, &row->sch,
			    "%llu I/Os missing: their records never came",
			    (unsigned long long)(row->missing - k->missing));
	k->bound = row->dev.bound;
	k->seen = p->intervals;
	if (live)
		k->gone = gone;
	k->missing = row->missing;
	return 0;
}

/* Who never had an I/O has no row any more once it is unbound. */
static void vanished(struct top_past *p, uint64_t end)
{
	size_t i;

	for (i = 0; i < p->size; i++) {
		struct known *k = p->table[i];
		struct ccw_sch sch;

		if (!k || !k->bound || k->seen == p->intervals)
			continue;
		k->bound = false;
		sch = (struct ccw_sch){ k->key >> 24, k->key >> 16, k->key };
		top_log_add(p->log, end, TOP_LOG_DEVICE, &sch, "unbound from vfio_ccw");
	}
}

int top_past_interval(struct top_past *p, uint64_t end, const struct top_model *m,
		      struct ccw_stats *interval, struct ccw_stats *total,
		      const struct ccw_source_info *info, bool live)
{
	int rc = 0;
	size_t i;

	p->intervals++;
	top_history_tick(p->history, end, m->secs);
	source_changes(p, end, info);
	for (i = 0; i < m->count && !rc; i++) {
		const struct top_row *row = &m->rows[i];
		const struct ccw_stat *st;

		rc = row_changes(p, end, row, live);
		if (rc || row->idle)
			continue;
		st = ccw_stats_find(interval, row->sch);
		rc = top_history_add(p->history, row->sch, row->rate,
				     row->p99 == TOP_NO_TIME ? 0 : row->p99,
				     st ? st->ios - st->result[CCW_OK] : 0, st);
	}
	if (live)
		vanished(p, end);
	return rc ? rc : top_faults_build(p->faults, interval, m->secs, total);
}

struct top_history *top_past_history(struct top_past *p)
{
	return p->history;
}

struct top_log *top_past_log(struct top_past *p)
{
	return p->log;
}

struct top_faults *top_past_faults(struct top_past *p)
{
	return p->faults;
}

struct top_tolds *top_past_tolds(struct top_past *p)
{
	return p->tolds;
}

const struct ccw_residency *top_past_residency(const struct top_past *p, struct ccw_sch sch)
{
	const struct known *k = p->size ? *place(p->table, p->size, ccw_sch_key(sch)) : NULL;

	return k ? k->residency : NULL;
}
