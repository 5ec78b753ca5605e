// SPDX-License-Identifier: GPL-2.0
/*
 * Recorded programs on a real device, one after the other as a guest would run them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/ccwtrace/replay.h"
#include "tools/dev/bytes.h"
#include "tools/dev/io.h"
#include "trace/ccw_names.h"
#include "trace/ccw_source.h"

#define MS 1000000ull
#define SECOND (1000 * MS)
/* Flat out, so many I/Os before the events of the driver are taken out of its buffer. */
#define LISTEN_EVERY 64

struct replay {
	const struct replay_request *q;
	const struct replay_programs *ps;
	struct replay_result *r;
	struct ccwio_error *err;
	bool *use; /* which of the programs run */
	struct replay_memory memory;
	struct replay_areas areas;
	struct vfio_dev *dev;
	struct ccw_sch sch; /* of the device */
	struct ccw_source *live; /* NULL: the driver's events cannot be had */
	atomic_bool stop;
};

static int side_add(struct replay_side *s, const struct ccw_io *io)
{
	int i, rc = 0;

	s->ios++;
	s->result[ccw_io_result(io)]++;
	for (i = 0; !rc && i < CCW_NR_STAGES; i++) {
		if (io->have & 1u << i)
			rc = ccw_hist_add(&s->hist[i], io->ns[i]);
	}
	return rc;
}

static int some_left(struct replay *r, size_t n)
{
	const uint64_t *out = r->r->left_out;

	return n ? 0 : ccwio_fail(r->err, -ENODATA, "none of the %zu programs can be run: %llu "
				  "were refused when recorded, %llu cannot be run again, %llu "
				  "write", r->ps->count, (unsigned long long)out[REPLAY_REFUSED],
				  (unsigned long long)out[REPLAY_UNFIT],
				  (unsigned long long)out[REPLAY_WRITES]);
}

/* Which programs run: all, or those that can with --skip. */
static int choose(struct replay *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->ps->count; i++) {
		const struct replay_program *p = &r->ps->all[i];
		int rc;

		if (r->q->select && ccw_select_has_fields(r->q->select) &&
		    !(p->ended && ccw_select_fields(r->q->select, &p->io)))
			continue;
		/* never started: there is nothing to compare with, and it may not be all here */
		if (p->ended && p->io.rc) {
			r->r->left_out[REPLAY_REFUSED]++;
			continue;
		}
		rc = replay_areas(p, 0, &r->areas, r->err);
		if (rc && (rc != -EOPNOTSUPP || !r->q->skip))
			return rc;
		if (rc) {
			r->r->left_out[REPLAY_UNFIT]++;
			continue;
		}
		if (r->areas.writes && !r->q->allow_writes) {
			if (!r->q->skip)
				return ccwio_fail(r->err, -EPERM, "program #%u changes what is on "
						  "the device (command %02x): --allow-writes runs "
						  "it with generated data, --skip leaves it out",
						  p->seq, r->areas.write_cmd);
			r->r->left_out[REPLAY_WRITES]++;
			continue;
		}
		r->use[i] = true;
		n++;
	}
	return some_left(r, n);
}

/* Before any of them runs: those that damage themselves when they are laid out. */
static int lay_out(struct replay *r)
{
	size_t i, n = 0;

	for (i = 0; i < r->ps->count; i++) {
		int rc;

		if (!r->use[i])
			continue;
		rc = replay_memory_fill(&r->memory, &r->ps->all[i], &r->areas, r->err);
		if (rc && (rc != -EOPNOTSUPP || !r->q->skip))
			return rc;
		if (rc)
			r->r->left_out[REPLAY_UNFIT]++;
		r->use[i] = !rc;
		n += !rc;
	}
	return some_left(r, n);
}

static int open_device(struct replay *r)
{
	struct ccw_error err = { "" };
	struct mdev m;
	size_t i;
	int rc = mdev_find(r->q->device, &m, r->err);

	if (rc)
		return rc;
	strcpy(r->r->device, m.subchannel);
	if (ccw_sch_parse(m.subchannel, &r->sch))
		return ccwio_fail(r->err, -EINVAL, "%s: no name of a subchannel", m.subchannel);
	rc = vfio_open(&m, &r->dev, r->err);
	if (!rc)
		rc = replay_memory_make(&r->memory, r->ps, r->use, r->err);
	if (!rc)
		rc = lay_out(r);
	for (i = 0; !rc && i < r->memory.nr_runs; i++)
		rc = vfio_map(r->dev, r->memory.runs[i].base, r->memory.runs[i].host,
			      r->memory.runs[i].size, r->err);
	/* Without the driver's events we measure ourselves, which the result says. */
	if (!rc && ccw_source_open_tracefs(&r->live, &err))
		r->live = NULL;
	r->r->by_driver = r->live;
	return rc;
}

static int on_live_io(void *ctx, const struct ccw_io *io)
{
	struct replay *r = ctx;

	if (ccw_sch_key(io->sch) != ccw_sch_key(r->sch))
		return 0;
	return side_add(&r->r->replayed, io);
}

static int listen(struct replay *r, int timeout_ms)
{
	const struct ccw_sink sink = { .io = on_live_io, .ctx = r };
	struct ccw_error err = { "" };
	int rc;

	if (!r->live)
		return 0;
	rc = ccw_source_read(r->live, &sink, 0, timeout_ms, &err);
	return rc < 0 ? ccwio_fail(r->err, rc, "the driver's events: %s", err.text) : 0;
}

/* Until @at; what the driver told so far is taken out meanwhile. */
static int wait_until(struct replay *r, uint64_t at)
{
	int rc = 0;

	while (!rc && !*r->q->stop) {
		uint64_t now = io_now(), until = at < now + 100 * MS ? at : now + 100 * MS;
		struct timespec ts = { .tv_sec = until / SECOND, .tv_nsec = until % SECOND };

		if (now >= at)
			break;
		if (at - now > 20 * MS)
			rc = listen(r, 0);
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
	}
	atomic_store(&r->stop, !!*r->q->stop);
	return rc;
}

/* What we saw, as the driver would tell it. */
static struct ccw_io seen(const struct io_result *res)
{
	struct ccw_io io = { .have = 1u << CCW_TOTAL, .rc = res->rc };

	io.ns[CCW_TOTAL] = res->total_ns;
	io.cc = irb_cc(res->irb);
	io.dstat = irb_dstat(res->irb);
	io.cstat = irb_cstat(res->irb);
	io.fctl = get_be32(res->irb) >> 12 & 7;
	io.flags = res->rc ? 0 : VFIO_CCW_IO_STARTED;
	if (res->end == IO_FINAL)
		io.flags |= VFIO_CCW_IO_ENDED;
	if (res->end != IO_FINAL && !res->rc)
		io.flags |= VFIO_CCW_IO_ABORTED;
	if (get_be32(res->irb) & SCSW_FCTL_HALT)
		io.flags |= VFIO_CCW_IO_HALTED;
	if (get_be32(res->irb) & SCSW_FCTL_CLEAR)
		io.flags |= VFIO_CCW_IO_CLEARED;
	return io;
}

static void name_end(const struct ccw_io *io, char *buf, size_t len)
{
	if (ccw_io_result(io) == CCW_OK)
		snprintf(buf, len, "ok");
	else
		ccw_io_error_str(io, buf, len);
}

static void compare(struct replay *r, const struct replay_program *p, const struct ccw_io *now)
{
	uint64_t n = r->r->differ;

	if (!p->ended || ccw_io_result(&p->io) == ccw_io_result(now))
		return;
	r->r->differ++;
	if (n >= REPLAY_DIFFERENCES)
		return;
	r->r->differences[n].seq = p->seq;
	name_end(&p->io, r->r->differences[n].recorded, sizeof(r->r->differences[n].recorded));
	name_end(now, r->r->differences[n].replayed, sizeof(r->r->differences[n].replayed));
}

static int run_one(struct replay *r, const struct replay_program *p)
{
	struct io_start start = { .length = ORB_SIZE + SCSW_SIZE };
	struct io_plan plan = { .timeout = r->q->timeout, .stop = &r->stop };
	struct io_result res;
	struct ccw_io now;
	int rc = replay_memory_fill(&r->memory, p, &r->areas, r->err);

	if (rc)
		return rc;
	put_be32(start.orb + 4, p->orb1);
	put_be32(start.orb + 8, p->cpa);
	put_be32(start.scsw, SCSW_FCTL_START);
	/* what the guest ended by itself would not end here either */
	if (p->ended && p->io.flags & VFIO_CCW_IO_HALTED)
		plan.halt_after = p->io.ns[CCW_DEVICE] + 1;
	else if (p->ended && p->io.flags & (VFIO_CCW_IO_CLEARED | VFIO_CCW_IO_CANCELLED |
					    VFIO_CCW_IO_ABORTED))
		plan.clear_after = p->io.ns[CCW_DEVICE] + 1;
	io_run(r->dev, &start, &plan, &res);
	r->r->started++;
	if (res.end == IO_REFUSED && res.rc == -ENODEV)
		return ccwio_fail(r->err, -ENODEV, "%s: the device is gone", r->r->device);
	if (res.cleanup == IO_STUCK)
		return ccwio_fail(r->err, -EIO, "%s: program #%u did not end, and could not be "
				  "ended", r->r->device, p->seq);
	now = seen(&res);
	compare(r, p, &now);
	if (p->ended)
		rc = side_add(&r->r->recorded, &p->io);
	if (!rc && !r->live)
		rc = side_add(&r->r->replayed, &now);
	return rc ? ccwio_fail(r->err, rc, "out of memory") : 0;
}

/* Absolute times: a slow I/O makes the next ones late and does not stretch the plan. */
static int run_all(struct replay *r)
{
	uint64_t begin = 0, first = 0, now;
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < r->ps->count && !*r->q->stop; i++) {
		const struct replay_program *p = &r->ps->all[i];
		uint64_t due, late;

		if (!r->use[i])
			continue;
		if (!begin) {
			begin = io_now();
			first = p->ts;
		}
		r->r->recorded_ns = p->ts > first ? p->ts - first : 0;
		due = r->q->speed > 0 ? replay_due(begin, first, p->ts, r->q->speed) : begin;
		rc = wait_until(r, due);
		if (rc || *r->q->stop)
			break;
		now = io_now();
		r->r->replayed_ns = now - begin;
		late = r->q->speed > 0 ? now - due : 0;
		r->r->late += late >= MS;
		r->r->end_late_ns = late;
		if (late > r->r->most_late_ns)
			r->r->most_late_ns = late;
		rc = run_one(r, p);
		if (!rc && i % LISTEN_EVERY == 0)
			rc = listen(r, 0);
	}
	/* the last events may still be on their way */
	for (i = 0; !rc && r->live && i < 20 && r->r->replayed.ios < r->r->started; i++)
		rc = listen(r, 100);
	return rc;
}

int replay_device(const struct replay_request *q, const struct replay_programs *ps,
		  struct replay_result *result, struct ccwio_error *err)
{
	struct replay r = { .q = q, .ps = ps, .r = result, .err = err };
	int rc;

	result->programs = ps;
	result->speed = q->speed;
	r.use = calloc(ps->count + 1, sizeof(*r.use));
	rc = r.use ? choose(&r) : ccwio_fail(err, -ENOMEM, "out of memory");
	if (!rc)
		rc = open_device(&r);
	if (!rc)
		rc = run_all(&r);
	vfio_close(r.dev); /* before the memory that it has mapped */
	replay_memory_free(&r.memory);
	if (r.live)
		ccw_source_close(r.live);
	free(r.areas.all);
	free(r.use);
	return rc;
}

void replay_result_free(struct replay_result *r)
{
	int i;

	for (i = 0; i < CCW_NR_STAGES; i++) {
		ccw_hist_free(&r->recorded.hist[i]);
		ccw_hist_free(&r->replayed.hist[i]);
	}
}
