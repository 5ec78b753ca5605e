// SPDX-License-Identifier: GPL-2.0
/*
 * What is known of one subchannel: every I/O goes through ccw_stat_add() once.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/hist_inline.h"
#include "trace/seq.h"

/* Bits of the subchannel status that mean an error by themselves: neither PCI nor IL. */
#define CSTAT_CHECKS 0x3f
#define CSTAT_IL 0x40
#define DSTAT_UC 0x02
#define DSTAT_UX 0x01

#define FLAGS_CUT_SHORT (VFIO_CCW_IO_HALTED | VFIO_CCW_IO_CLEARED | VFIO_CCW_IO_CANCELLED | \
			 VFIO_CCW_IO_ABORTED)

/*
 * The driver hands the condition code on as an errno as well, and a request cut short while it was
 * being translated has one: neither is a refusal.
 */
enum ccw_result ccw_io_result(const struct ccw_io *io)
{
	bool started = io->flags & VFIO_CCW_IO_STARTED;
	bool cut = io->flags & FLAGS_CUT_SHORT;

	if (io->rc && !started && !cut)
		return CCW_ERR_REFUSED;
	if (started && io->cc)
		return CCW_ERR_CC;
	if (cut)
		return CCW_ERR_ABORTED;
	if (io->flags & VFIO_CCW_IO_ENDED) {
		if (io->cstat & CSTAT_CHECKS)
			return CCW_ERR_CHANNEL;
		if (io->dstat & DSTAT_UC)
			return CCW_ERR_UNIT_CHECK;
		if (io->dstat & DSTAT_UX)
			return CCW_ERR_UNIT_EXCEPTION;
		if (io->cstat & CSTAT_IL)
			return CCW_ERR_LENGTH;
	}
	return io->rc ? CCW_ERR_REFUSED : CCW_OK;
}

/* The numbers nearest to 0 keep their slots: which ones those are does not depend on the order. */
static void count_rc(struct ccw_stat *st, int32_t rc, uint64_t n)
{
	struct ccw_errno_count *rest = &st->rc[CCW_STAT_ERRNOS - 1];
	unsigned int i = 0;

	while (i < CCW_STAT_ERRNOS - 1 && st->rc[i].count && st->rc[i].rc > rc)
		i++;
	if (i == CCW_STAT_ERRNOS - 1) {
		rest->count += n;
	} else if (st->rc[i].count && st->rc[i].rc == rc) {
		st->rc[i].count += n;
	} else {
		rest->count += rest[-1].count;
		memmove(st->rc + i + 1, st->rc + i,
			(CCW_STAT_ERRNOS - 2 - i) * sizeof(*st->rc));
		st->rc[i] = (struct ccw_errno_count){ .rc = rc, .count = n };
	}
}

static void count_bits(uint64_t counts[8], uint8_t bits)
{
	for (; bits; bits &= bits - 1)
		counts[__builtin_ctz(bits)]++;
}

static int last_err_room(struct ccw_stat *st)
{
	if (!st->last_err)
		st->last_err = calloc(CCW_STAT_LAST, sizeof(*st->last_err));
	return st->last_err ? 0 : -ENOMEM;
}

static int keep_error(struct ccw_stat *st, const struct ccw_io *io)
{
	if (last_err_room(st))
		return -ENOMEM;
	memmove(st->last_err + 1, st->last_err, sizeof(*io) * (CCW_STAT_LAST - 1));
	st->last_err[0] = *io;
	if (st->nr_last_err < CCW_STAT_LAST)
		st->nr_last_err++;
	return 0;
}

/*
 * A stage that the request never came to is 0 in its record. As a latency that would be a lie:
 * it is left out of the stage's histogram, and adds nothing to the sum either way.
 */
uint32_t ccw_io_stages(const struct ccw_io *io)
{
	uint32_t stages = io->have;

	if (io->flags & VFIO_CCW_IO_ENDED)
		return stages;
	if (!(io->flags & VFIO_CCW_IO_STARTED) && !io->ns[CCW_START])
		stages &= ~(1U << CCW_START);
	if (!io->ns[CCW_DEVICE])
		stages &= ~(1U << CCW_DEVICE);
	if (!io->ns[CCW_DELIVER])
		stages &= ~(1U << CCW_DELIVER);
	return stages;
}

static int add_times(struct ccw_stat *st, const struct ccw_io *io)
{
	uint32_t stages = ccw_io_stages(io);
	unsigned int i;
	int rc = 0;

	for (i = 0; i < CCW_NR_STAGES; i++) {
		if (stages & 1U << i)
			rc |= ccw_hist_add_inline(&st->hist[i], io->ns[i]);
	}
	return rc ? -ENOMEM : 0;
}

int ccw_stat_count(struct ccw_stat *st, const struct ccw_io *io)
{
	enum ccw_result result = ccw_io_result(io);
	int rc = add_times(st, io);

	if (rc)
		return rc;
	if (!st->ios)
		st->first_ts = io->ts;
	if (io->ts < st->first_ts)
		st->first_ts = io->ts;
	if (io->ts > st->last_ts)
		st->last_ts = io->ts;
	st->have |= io->have;
	st->ios++;
	st->result[result]++;
	st->bytes += io->bytes;
	st->ccws += io->ccws;
	st->segments += io->segments;
	st->idaws += io->idaws;
	st->pages += io->pages;
	st->irqs += io->irqs;
	if (io->ccws > st->max_ccws)
		st->max_ccws = io->ccws;
	if (io->flags & VFIO_CCW_IO_STARTED)
		st->cc[io->cc & 3]++;
	if (io->flags & VFIO_CCW_IO_ENDED) {
		count_bits(st->dstat, io->dstat);
		count_bits(st->cstat, io->cstat);
	}
	if (result == CCW_ERR_REFUSED)
		count_rc(st, io->rc, 1);
	return result == CCW_OK ? 0 : keep_error(st, io);
}

int ccw_stat_add(struct ccw_stat *st, const struct ccw_io *io)
{
	ccw_seq_track(&st->seq, io->seq, &st->missing);
	return ccw_stat_count(st, io);
}

void ccw_stat_skip(struct ccw_stat *st, const struct ccw_io *io)
{
	ccw_seq_track(&st->seq, io->seq, &st->missing);
}

int ccw_stat_told(struct ccw_stat *st, const struct ccw_io *io)
{
	return ccw_io_result(io) == CCW_OK ? 0 : keep_error(st, io);
}

void ccw_stat_fsm(struct ccw_stat *st, const struct ccw_fsm *fsm)
{
	st->state = fsm->to;
	st->state_ts = fsm->ts;
	if (fsm->event == VFIO_CCW_EVENT_OPEN)
		ccw_seq_open(&st->seq);
}

/* Both lists are newest first; so is the result. */
static int merge_errors(struct ccw_stat *to, const struct ccw_stat *from)
{
	struct ccw_io merged[CCW_STAT_LAST];
	unsigned int a = 0, b = 0, n = 0;

	if (!from->nr_last_err)
		return 0;
	if (last_err_room(to))
		return -ENOMEM;
	while (n < CCW_STAT_LAST && (a < to->nr_last_err || b < from->nr_last_err)) {
		if (b >= from->nr_last_err ||
		    (a < to->nr_last_err && to->last_err[a].ts >= from->last_err[b].ts))
			merged[n++] = to->last_err[a++];
		else
			merged[n++] = from->last_err[b++];
	}
	memcpy(to->last_err, merged, n * sizeof(*merged));
	to->nr_last_err = n;
	return 0;
}

int ccw_stat_merge(struct ccw_stat *to, const struct ccw_stat *from)
{
	unsigned int i;
	int rc;

	if (!from->ios && from->state == 0xff && !from->have)
		return 0;
	for (i = 0; i < CCW_NR_STAGES; i++) {
		rc = ccw_hist_merge(&to->hist[i], &from->hist[i]);
		if (rc)
			return rc;
	}
	if (from->ios) {
		if (!to->ios)
			to->first_ts = from->first_ts;
		if (from->first_ts < to->first_ts)
			to->first_ts = from->first_ts;
		if (from->last_ts >= to->last_ts) {
			to->last_ts = from->last_ts;
			to->seq = from->seq;
		}
		to->have |= from->have;
	}
	if (from->state != 0xff && (to->state == 0xff || from->state_ts >= to->state_ts)) {
		to->state = from->state;
		to->state_ts = from->state_ts;
	}
	to->ios += from->ios;
	for (i = 0; i < CCW_NR_RESULTS; i++)
		to->result[i] += from->result[i];
	to->bytes += from->bytes;
	to->ccws += from->ccws;
	to->segments += from->segments;
	to->idaws += from->idaws;
	to->pages += from->pages;
	to->irqs += from->irqs;
	if (from->max_ccws > to->max_ccws)
		to->max_ccws = from->max_ccws;
	for (i = 0; i < 8; i++) {
		to->dstat[i] += from->dstat[i];
		to->cstat[i] += from->cstat[i];
	}
	for (i = 0; i < 4; i++)
		to->cc[i] += from->cc[i];
	for (i = 0; i < CCW_STAT_ERRNOS - 1; i++) {
		if (from->rc[i].count)
			count_rc(to, from->rc[i].rc, from->rc[i].count);
	}
	to->rc[i].count += from->rc[i].count;
	to->missing += from->missing;
	return merge_errors(to, from);
}

/* The state and the last request number survive: they are facts about now, not counters. */
void ccw_stat_reset(struct ccw_stat *st)
{
	unsigned int i;

	st->first_ts = st->last_ts = 0;
	st->ios = 0;
	memset(st->result, 0, sizeof(st->result));
	st->bytes = st->ccws = st->segments = st->idaws = st->pages = st->irqs = 0;
	st->max_ccws = 0;
	st->have = 0;
	memset(st->dstat, 0, sizeof(st->dstat));
	memset(st->cstat, 0, sizeof(st->cstat));
	memset(st->cc, 0, sizeof(st->cc));
	memset(st->rc, 0, sizeof(st->rc));
	for (i = 0; i < CCW_NR_STAGES; i++)
		ccw_hist_reset(&st->hist[i]);
	st->nr_last_err = 0;
	st->missing = 0;
}

void ccw_stat_free(struct ccw_stat *st)
{
	unsigned int i;

	for (i = 0; i < CCW_NR_STAGES; i++)
		ccw_hist_free(&st->hist[i]);
	free(st->last_err);
	st->last_err = NULL;
	st->nr_last_err = 0;
}
