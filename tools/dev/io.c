// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <linux/vfio_ccw.h>

#include "bytes.h"
#include "driver/vfio_ccw_ext.h"
#include "io.h"

#define MS		1000000ull
#define SECOND		(1000 * MS)
/* how often a waiting thread looks whether the user wants to end */
#define STOP_SLICE	(200 * MS)
/* how long HALT and CLEAR may take, and an I/O once the user wants to end */
#define GRACE		SECOND

uint64_t io_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * SECOND + (uint64_t)ts.tv_nsec;
}

unsigned int irb_sense(const uint8_t *irb, const uint8_t **sense)
{
	uint32_t erw = get_be32(irb + IRB_ERW);
	unsigned int n = ERW_SCNT(erw);

	*sense = irb + IRB_ECW;
	if (!(get_be32(irb) & SCSW_ECTL) || !(erw & ERW_CONS))
		return 0;
	/* QEMU keeps the count in other bits; the ECW is there all the same */
	return n == 0 || n > 32 ? 32 : n;
}

bool io_ok(const struct io_result *res)
{
	const uint8_t fine = DSTAT_CE | DSTAT_DE | DSTAT_CUE;

	return res->end == IO_FINAL && irb_cc(res->irb) == 0 &&
	       !(get_be32(res->irb) & (SCSW_FCTL_HALT | SCSW_FCTL_CLEAR)) &&
	       (irb_dstat(res->irb) & (DSTAT_CE | DSTAT_DE)) == (DSTAT_CE | DSTAT_DE) &&
	       !(irb_dstat(res->irb) & ~fine) && !(irb_cstat(res->irb) & ~CSTAT_PCI);
}

/*
 * PoP, "Interruption-Response Block": the program may be started anew once no function is in
 * progress. A halt or clear interrupt ends it, whatever stale activity bits say, and so does a
 * deferred condition code: the start function was never performed.
 */
static bool is_final(uint32_t scsw0)
{
	return !(scsw0 & SCSW_ACTL) || scsw0 & (SCSW_FCTL_HALT | SCSW_FCTL_CLEAR |
						  3u << SCSW_CC_SHIFT);
}

static bool is_unsolicited(uint32_t scsw0)
{
	return !(scsw0 & SCSW_FCTL);
}

/*
 * Waits until @until. Returns 1 with an IRB in res->irb, 0 when time is over or the user wants to
 * end, or a negative errno.
 */
static int wait_irb(struct vfio_dev *d, const struct io_plan *plan, uint64_t until, bool mind_stop,
		    struct io_result *res, uint64_t *when)
{
	struct pollfd pfd = { .fd = vfio_eventfd(d), .events = POLLIN };
	uint64_t now = io_now(), signals;

	do {
		uint64_t left = until > now ? until - now : 0;
		struct timespec ts;
		int n;

		if (mind_stop && left > STOP_SLICE)
			left = STOP_SLICE;
		ts.tv_sec = (time_t)(left / SECOND);
		ts.tv_nsec = (long)(left % SECOND);
		n = ppoll(&pfd, 1, &ts, NULL);
		now = io_now();
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && read(pfd.fd, &signals, sizeof(signals)) == sizeof(signals)) {
			int rc = vfio_read(d, REGION_IO, offsetof(struct ccw_io_region, irb_area),
					   res->irb, sizeof(res->irb));

			if (rc)
				return rc;
			*when = now;
			res->irqs++;
			res->merged += (unsigned int)(signals - 1);
			if (plan->on_irb)
				plan->on_irb(plan->ctx, res->irb);
			return 1;
		}
	} while (now < until && !(mind_stop && atomic_load(plan->stop)));
	return 0;
}

/* What a reset interrupted is no answer to the next program. */
static void forget_signals(struct vfio_dev *d)
{
	uint64_t signals;

	while (read(vfio_eventfd(d), &signals, sizeof(signals)) > 0)
		;
}

/* Takes the subchannel back from a program that does not end. */
static void clean_up(struct vfio_dev *d, const struct io_plan *plan, struct io_result *res)
{
	uint64_t when;

	for (int halt = 1; halt >= 0; halt--) {
		uint64_t until = io_now() + GRACE;

		if (vfio_halt_clear(d, halt))
			continue;
		while (wait_irb(d, plan, until, false, res, &when) == 1) {
			uint32_t w = get_be32(res->irb);

			if (is_unsolicited(w) || !is_final(w))
				continue;
			res->cleanup = halt ? IO_HALTED : IO_CLEARED;
			return;
		}
	}
	res->cleanup = vfio_reset(d) ? IO_STUCK : IO_RESET;
	forget_signals(d);
}

static int start(struct vfio_dev *d, const struct io_start *s, const struct io_plan *plan,
		 struct io_result *res, uint64_t begin)
{
	uint8_t image[8192] = { 0 };
	int rc;

	memcpy(image + offsetof(struct ccw_io_region, orb_area), s->orb, ORB_SIZE);
	memcpy(image + offsetof(struct ccw_io_region, scsw_area), s->scsw, SCSW_SIZE);
	for (;;) {
		rc = vfio_write(d, REGION_IO, s->offset, image + s->offset, s->length);
		if (rc != -EAGAIN || io_now() - begin > plan->timeout || atomic_load(plan->stop))
			return rc;
		res->retries++;
		usleep(100);
	}
}

enum act {
	ACT_HALT,
	ACT_CLEAR,
	ACT_RESET,
	ACT_CANCEL,
	ACT_RESUME,
	ACTS,
	ACT_NONE = ACTS,
};

/* When what is due, on the clock of io_now(); UINT64_MAX: never (again). */
struct agenda {
	uint64_t at[ACTS];
	bool was_reset;
};

static void make_agenda(struct agenda *a, const struct io_plan *plan, uint64_t begin)
{
	const uint64_t after[ACTS] = { plan->halt_after, plan->clear_after, plan->reset_after,
				       plan->cancel_after, 0 };

	for (int i = 0; i < ACTS; i++)
		a->at[i] = after[i] ? begin + after[i] : UINT64_MAX;
	a->was_reset = false;
}

/* What comes next before *@until, which becomes its time. */
static enum act next_act(const struct agenda *a, uint64_t *until)
{
	enum act next = ACT_NONE;

	for (int i = 0; i < ACTS; i++) {
		if (a->at[i] < *until) {
			*until = a->at[i];
			next = (enum act)i;
		}
	}
	return next;
}

static void do_act(struct vfio_dev *d, enum act act, const struct io_plan *plan,
		   struct io_result *res)
{
	int rc;

	switch (act) {
	case ACT_RESET:
		res->async_rc = vfio_reset(d);
		break;
	case ACT_CANCEL:
		rc = vfio_function(d, VFIO_CCW_FUNC_XSCH, &res->cancel_cc);
		res->cancelled = true;
		/* another condition code is an answer, not an error */
		if (res->cancel_cc == VFIO_CCW_NO_CC)
			res->async_rc = rc;
		break;
	case ACT_RESUME:
		res->resumes++;
		if (plan->patch)
			plan->patch(plan->ctx, res->resumes);
		res->async_rc = vfio_function(d, VFIO_CCW_FUNC_RSCH, &res->resume_cc);
		break;
	default:
		res->async_rc = vfio_halt_clear(d, act == ACT_HALT);
		break;
	}
}

void io_run(struct vfio_dev *d, const struct io_start *s, const struct io_plan *plan,
	    struct io_result *res)
{
	uint64_t begin, when, deadline;
	struct agenda agenda;

	memset(res, 0, sizeof(*res));
	if (plan->patch)
		plan->patch(plan->ctx, 0);
	begin = io_now();
	res->rc = start(d, s, plan, res, begin);
	res->submit_ns = io_now() - begin;
	if (res->rc) {
		res->end = IO_REFUSED;
		return;
	}
	if (plan->no_wait) {
		res->end = IO_LEFT;
		return;
	}
	deadline = begin + plan->timeout;
	make_agenda(&agenda, plan, begin);
	for (;;) {
		uint64_t until = deadline;
		enum act act = next_act(&agenda, &until);
		int got;

		got = wait_irb(d, plan, until, true, res, &when);
		if (got == 1) {
			uint32_t w = get_be32(res->irb);

			if (is_unsolicited(w)) {
				res->unsolicited++;
			} else if (is_final(w)) {
				res->total_ns = when - begin;
				res->end = IO_FINAL;
				return;
			} else if (w & SCSW_ACTL_SUSP) {
				res->suspensions++;
				if (plan->resume_after)
					agenda.at[ACT_RESUME] = when + plan->resume_after;
			}
			continue;
		}
		if (got == 0 && act != ACT_NONE && io_now() >= until) {
			agenda.at[act] = UINT64_MAX;
			do_act(d, act, plan, res);
			if (act == ACT_CANCEL && res->cancel_cc == 0) {
				res->total_ns = io_now() - begin;
				res->end = IO_CANCELLED;
				return;
			}
			agenda.was_reset |= act == ACT_RESET;
			/* a reset ends the I/O without an interrupt */
			if (act == ACT_RESET && deadline > io_now() + GRACE / 4)
				deadline = io_now() + GRACE / 4;
			continue;
		}
		if (got == 0 && atomic_load(plan->stop) && io_now() < deadline) {
			uint64_t last = io_now() + GRACE;

			if (wait_irb(d, plan, last < deadline ? last : deadline, false, res,
				     &when) == 1 && is_final(get_be32(res->irb))) {
				res->total_ns = when - begin;
				res->end = IO_FINAL;
				return;
			}
		}
		break;
	}
	res->end = IO_TIMEOUT;
	res->total_ns = io_now() - begin;
	if (agenda.was_reset) {
		res->cleanup = IO_RESET;
		forget_signals(d);
	} else {
		clean_up(d, plan, res);
	}
}
