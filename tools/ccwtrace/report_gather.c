// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/ccwtrace/report.h"

/* Different errors to keep apart; beyond that something is so broken that a count will do. */
#define MAX_ERRORS 1024

static bool same_error(const struct ccw_io *a, const struct ccw_io *b)
{
	return ccw_sch_key(a->sch) == ccw_sch_key(b->sch) &&
	       ccw_io_result(a) == ccw_io_result(b) && a->cmd == b->cmd && a->rc == b->rc &&
	       a->cc == b->cc && a->cstat == b->cstat && a->dstat == b->dstat &&
	       a->flags == b->flags && a->sense >> 48 == b->sense >> 48;
}

static int note_error(struct report *r, const struct ccw_io *io)
{
	struct report_error *e;
	size_t i;

	for (i = 0; i < r->nr_errors; i++) {
		if (!same_error(&r->errors[i].io, io))
			continue;
		r->errors[i].io = *io;
		r->errors[i].count++;
		return 0;
	}
	if (r->nr_errors == MAX_ERRORS) {
		r->other_errors++;
		return 0;
	}
	e = realloc(r->errors, (r->nr_errors + 1) * sizeof(*e));
	if (!e)
		return -ENOMEM;
	r->errors = e;
	e[r->nr_errors++] = (struct report_error){ .io = *io, .count = 1 };
	return 0;
}

static int on_io(void *ctx, const struct ccw_io *io)
{
	struct report *r = ctx;
	struct ccw_stat *st;
	uint64_t ok;
	int rc;

	if (r->filter && !ccw_filter_match(r->filter, io->sch))
		return 0;
	st = ccw_stats_get(r->stats, io->sch);
	if (!st)
		return -ENOMEM;
	ok = st->result[CCW_OK];
	rc = ccw_stat_add(st, io);
	if (!rc && st->result[CCW_OK] == ok)
		rc = note_error(r, io);
	return rc;
}

static int on_fsm(void *ctx, const struct ccw_fsm *fsm)
{
	struct report *r = ctx;
	struct ccw_stat *st;

	if (!ccw_filter_match(r->filter, fsm->sch))
		return 0;
	st = ccw_stats_get(r->stats, fsm->sch);
	if (!st)
		return -ENOMEM;
	r->transitions++;
	ccw_stat_fsm(st, fsm);
	return 0;
}

static int on_lost(void *ctx, unsigned int cpu, uint64_t ts, uint64_t count)
{
	struct report *r = ctx;
	struct report_loss *l;
	size_t i;

	(void)ts;
	for (i = 0; i < r->nr_losses && r->losses[i].cpu < cpu; i++)
		;
	if (i == r->nr_losses || r->losses[i].cpu != cpu) {
		l = realloc(r->losses, (r->nr_losses + 1) * sizeof(*l));
		if (!l)
			return -ENOMEM;
		r->losses = l;
		memmove(l + i + 1, l + i, (r->nr_losses - i) * sizeof(*l));
		l[i] = (struct report_loss){ .cpu = cpu };
		r->nr_losses++;
	}
	r->losses[i].count += count;
	r->losses[i].unknown |= !count;
	return 0;
}

/* Every field that tells errors apart takes part, so that the order never depends on qsort. */
static int by_subchannel_and_count(const void *a, const void *b)
{
	const struct report_error *x = a, *y = b;
	const struct ccw_io *p = &x->io, *q = &y->io;

#define ORDER(u, v) \
	do { \
		if ((u) != (v)) \
			return (u) < (v) ? -1 : 1; \
	} while (0)
	ORDER(ccw_sch_key(p->sch), ccw_sch_key(q->sch));
	ORDER(y->count, x->count);
	ORDER(ccw_io_result(p), ccw_io_result(q));
	ORDER(p->cmd, q->cmd);
	ORDER(p->rc, q->rc);
	ORDER(p->cc, q->cc);
	ORDER(p->cstat, q->cstat);
	ORDER(p->dstat, q->dstat);
	ORDER(p->flags, q->flags);
	ORDER(p->sense, q->sense);
#undef ORDER
	return 0;
}

static int sum_up(struct report *r)
{
	size_t i;
	int rc = 0;

	/* The end of the file can tell the size of gaps that were unknown before. */
	for (i = 0; i < r->nr_losses && !r->info.lost_unknown; i++)
		r->losses[i].unknown = false;

	for (i = 0; i < ccw_stats_count(r->stats) && !rc; i++)
		rc = ccw_stat_merge(r->all, ccw_stats_at(r->stats, i));
	if (r->nr_errors)
		qsort(r->errors, r->nr_errors, sizeof(*r->errors), by_subchannel_and_count);
	return rc;
}

int report_gather(struct report *r, struct ccw_error *err)
{
	const struct ccw_sink sink = { .io = on_io, .fsm = on_fsm, .lost = on_lost, .ctx = r };
	struct ccw_source *src;
	uint64_t first, last;
	int rc;

	r->stats = ccw_stats_new();
	r->all = calloc(1, sizeof(*r->all));
	if (!r->stats || !r->all) {
		snprintf(err->text, sizeof(err->text), "out of memory");
		return -ENOMEM;
	}
	r->all->state = 0xff;
	rc = ccw_source_open_file(&src, r->path, err);
	if (rc)
		return rc;
	if (!ccw_source_range(src, &first, &last))
		r->duration = last - first;
	rc = ccw_source_read(src, &sink, 0, 0, err);
	r->info = *ccw_source_info(src);
	r->info.name = r->path; /* the source's own goes with it */
	if (!rc)
		rc = sum_up(r);
	if (rc == -ENOMEM)
		snprintf(err->text, sizeof(err->text), "out of memory");
	ccw_source_close(src);
	return rc;
}

void report_free(struct report *r)
{
	unsigned int i;

	for (i = 0; r->all && i < CCW_NR_STAGES; i++)
		ccw_hist_free(&r->all->hist[i]);
	free(r->all);
	ccw_stats_free(r->stats);
	free(r->errors);
	free(r->losses);
}

double report_rate(const struct report *r, uint64_t n)
{
	return r->duration ? (double)n / ((double)r->duration / 1e9) : 0;
}
