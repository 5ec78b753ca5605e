// SPDX-License-Identifier: GPL-2.0
/*
 * The channel side: START SUBCHANNEL and its kin, interrupts, quiescing. Instructions, condition
 * codes and status: Principles of Operation, chapters 14 (I/O instructions) and 16 (I/O
 * interruptions).
 */
#include <linux/kernel_stat.h>
#include <asm/irq.h>

#include "vccw.h"

/* Activity that means the channel or the device is still at it. */
#define ACTL_AT_WORK (SCSW_ACTL_RESUME_PEND | SCSW_ACTL_START_PEND | SCSW_ACTL_SCHACT | \
		      SCSW_ACTL_DEVACT | SCSW_ACTL_SUSPENDED)
#define ACTL_BUSY (ACTL_AT_WORK | SCSW_ACTL_HALT_PEND | SCSW_ACTL_CLEAR_PEND)

/*
 * Word 1 of a command-mode ORB. The guest decides on suspension, initial status and incorrect
 * length; key, formats, prefetch and path mask are ours, and so is address-limit checking, whose
 * limit would be the host's.
 */
#define ORB_GUEST_BITS 0x08280080U
#define ORB_SUPPRESS_LENGTH 0x00000080U
#define ORB_PREFETCH 0x00400000U
#define ORB_FMT1 0x00800000U
#define ORB_LIMIT_CHECK 0x00100000U
#define ORB_IDA64 0x00020000U
#define ORB_IDA2K 0x00010000U
#define ORB_LPM_SHIFT 8
#define ORB_KEY_SHIFT 28

#define ACTL_STOPPING (SCSW_ACTL_HALT_PEND | SCSW_ACTL_CLEAR_PEND)

/* Rounds of CANCEL and HALT before CLEAR, as long as each brings some interrupt. */
#define QUIESCE_GENTLE 4

/* An instruction was executed. */
static void tell(const struct vccw_dev *d, enum vfio_ccw_function function, u8 cc, u8 lpm, u32 cpa)
{
	trace_vfio_ccw_ssch(d->sch->schid, d->held ? d->rec.seq : 0, function, cc, lpm, cpa);
}

int vccw_act_accept(struct vccw_dev *d, const void *arg)
{
	memset(&d->rec, 0, sizeof(d->rec));
	d->rec.schid = d->sch->schid;
	d->rec.seq = d->seq;
	return 0;
}

/* cc 3: no path of the mask is operational, or the subchannel is not. */
static int not_operational(struct subchannel *sch, u8 lpm)
{
	sch->lpm &= ~lpm;
	if (cio_update_schib(sch))
		return -ENODEV;
	return sch->lpm ? -EACCES : -ENODEV;
}

int vccw_act_start(struct vccw_dev *d, const void *arg)
{
	const __be32 *guest = arg;
	struct subchannel *sch = d->sch;
	union {
		u32 word[sizeof(union orb) / 4];
		union orb orb;
	} u = { };
	u8 lpm = be32_to_cpu(guest[1]) >> ORB_LPM_SHIFT;
	int cc;

	/* An empty mask is the guest's way to say that it does not care. */
	lpm = lpm ? lpm & sch->lpm : sch->lpm;
	if (!lpm)
		return -EACCES;
	u.word[0] = (u32)virt_to_phys(sch);
	u.word[1] = (be32_to_cpu(guest[1]) & ORB_GUEST_BITS) | ORB_FMT1 | ORB_PREFETCH | ORB_IDA64 |
		    (cp_ida2k(vccw_cp(d)) ? ORB_IDA2K : 0) | (u32)lpm << ORB_LPM_SHIFT |
		    (u32)(PAGE_DEFAULT_KEY >> 4) << ORB_KEY_SHIFT;
	/* Format 0 knows no incorrect length of an immediate operation; format 1 must be told. */
	if (!vccw_cp(d)->fmt1)
		u.word[1] |= ORB_SUPPRESS_LENGTH;
	u.word[2] = vccw_cp(d)->cpa;

	cc = ssch(sch->schid, &u.orb);
	d->started = vccw_now();
	d->rec.flags |= VFIO_CCW_IO_STARTED;
	d->rec.cc = cc;
	trace_vfio_ccw_ssch(sch->schid, d->rec.seq, VFIO_CCW_FN_SSCH, cc, lpm,
			    be32_to_cpu(guest[2]));
	switch (cc) {
	case 0:
		d->held = true;
		d->went_on = false;
		return 0;
	case 1: /* status pending */
	case 2: /* busy */
		return -EBUSY;
	default:
		return not_operational(sch, lpm);
	}
}

int vccw_act_async(struct vccw_dev *d, const void *arg)
{
	u32 command = *(const u32 *)arg;
	int cc;

	switch (command) {
	case VFIO_CCW_ASYNC_CMD_HSCH:
		cc = hsch(d->sch->schid);
		tell(d, VFIO_CCW_FN_HSCH, cc, 0, 0);
		if (!cc && d->held)
			d->rec.flags |= VFIO_CCW_IO_HALTED;
		break;
	case VFIO_CCW_ASYNC_CMD_CSCH:
		cc = csch(d->sch->schid);
		tell(d, VFIO_CCW_FN_CSCH, cc, 0, 0);
		if (cc)
			break;
		if (d->held)
			d->rec.flags |= VFIO_CCW_IO_CLEARED;
		/* CLEAR takes back what status is pending: what nobody fetched yet is pending. */
		d->irbs.n = 0;
		memset(d->io.irb_area, 0, sizeof(d->io.irb_area));
		break;
	default:
		return -EINVAL;
	}
	if (!cc)
		return 0;
	return cc == 3 ? -ENODEV : -EBUSY;
}

void vccw_show_scsw(const struct vccw_dev *d, struct cmd_scsw *scsw)
{
	u32 word = be32_to_cpu(d->orb[1]);

	scsw->cpa = u32_to_dma32(d->held ? vccw_guest_cpa(d, dma32_to_u32(scsw->cpa)) : 0);
	if (!d->held || !(scsw->fctl & SCSW_FCTL_START_FUNC))
		return;
	/* What the guest's ORB said, not what the channel got instead. */
	scsw->key = word >> ORB_KEY_SHIFT;
	scsw->fmt = !!(word & ORB_FMT1);
	scsw->pfch &= !!(word & ORB_PREFETCH); /* qemu never sets it */
	scsw->alcc = !!(word & ORB_LIMIT_CHECK);
}

/* The status as the guest may see it: its own CCW addresses or none, no host address. */
static void show_guest(const struct vccw_dev *d, struct irb *irb)
{
	bool ours = d->held;
	struct cmd_scsw *scsw = &irb->scsw.cmd;
	struct esw0 *esw = &irb->esw.esw0;

	vccw_show_scsw(d, scsw);
	if (!scsw->eswf)
		return;
	/* Format-0 ESW: a storage address that failed, and a second CCW address. */
	esw->erw.fsavf = 0;
	esw->faddr[0] = u32_to_dma32(0);
	esw->faddr[1] = u32_to_dma32(0);
	if (esw->erw.scavf && ours)
		esw->saddr = u32_to_dma32(vccw_guest_cpa(d, dma32_to_u32(esw->saddr)));
	else
		esw->saddr = u32_to_dma32(0);
}

/* Queues the status for user space and says so. */
static void deliver(struct vccw_dev *d, const struct irb *irb)
{
	struct vccw_irbs *q = &d->irbs;
	struct irb *slot;

	if (d->mute || !d->open)
		return;
	if (q->n == VCCW_IRBS) {
		/* The newest counts most: it tells where the program stands. */
		d->stats.status_overflows++;
		q->n--;
	}
	slot = &q->irb[(q->head + q->n++) % VCCW_IRBS];
	*slot = *irb;
	show_guest(d, slot);
	vccw_signal(d, VFIO_CCW_IO_IRQ_INDEX);
}

/* The CCW before this address of the channel's, as the guest knows it; 0: none of ours. */
static u32 suspended_at(const struct vccw_dev *d, u32 host)
{
	u32 cpa = vccw_guest_cpa(d, host);

	return cpa ? cpa - 8 : 0;
}

static void record_status(struct vfio_ccw_io_record *rec, const struct irb *irb)
{
	const struct cmd_scsw *scsw = &irb->scsw.cmd;
	const struct esw1 *esw = &irb->esw.esw1;

	rec->flags |= VFIO_CCW_IO_ENDED;
	rec->fctl = scsw->fctl;
	rec->actl = scsw->actl;
	rec->stctl = scsw->stctl;
	rec->dstat |= scsw->dstat;
	rec->cstat |= scsw->cstat;
	if (scsw->stctl & SCSW_STCTL_PRIM_STATUS)
		rec->resid = scsw->count;
	rec->lpum = esw->lpum;
	memcpy(&rec->erw, &esw->erw, sizeof(rec->erw));
	if (esw->erw.cons) { /* not scnt: QEMU stores the count elsewhere */
		rec->flags |= VFIO_CCW_IO_SENSE;
		memcpy(&rec->sense, irb->ecw, sizeof(rec->sense));
	}
}

int vccw_act_status(struct vccw_dev *d, const void *arg)
{
	const struct vccw_status *st = arg;

	d->stats.interrupts++;
	if (d->held) {
		d->rec.irqs++;
		if (st->irb->scsw.cmd.actl & SCSW_ACTL_SUSPENDED) {
			d->rec.flags |= VFIO_CCW_IO_SUSPENDED;
			d->suspended = suspended_at(d, dma32_to_u32(st->irb->scsw.cmd.cpa));
		}
		/* Channel end alone: the final status will not say it again. */
		if (st->irb->scsw.cmd.stctl & SCSW_STCTL_PRIM_STATUS)
			record_status(&d->rec, st->irb);
	}
	deliver(d, st->irb);
	return 0;
}

/* The channel no longer holds the program: the request's story is complete. */
static void finish(struct vccw_dev *d)
{
	d->held = false;
	d->suspended = 0;
	vccw_stats_io(d, &d->rec);
	/*
	 * Unpinning sleeps. User space does it when it fetches the status or sends the next
	 * request; this is for one that does neither, and costs one test of a bit if it is queued.
	 */
	schedule_delayed_work(&d->release, HZ / 20);
}

int vccw_act_final(struct vccw_dev *d, const void *arg)
{
	const struct vccw_status *st = arg;

	if (!d->held) { /* quiescing what was no program: a HALT or CLEAR alone */
		vccw_act_status(d, arg);
		complete(&d->quiet);
		return 0;
	}
	d->stats.interrupts++;
	d->rec.irqs++;
	d->rec.device_ns = st->now - d->started;
	record_status(&d->rec, st->irb);
	/* Deferred: the channel took the program, and could not start it. */
	if ((st->irb->scsw.cmd.fctl & SCSW_FCTL_START_FUNC) && st->irb->scsw.cmd.cc)
		d->rec.cc = st->irb->scsw.cmd.cc;
	deliver(d, st->irb);
	d->rec.deliver_ns = vccw_ns32(vccw_now() - st->now);
	if (d->state == VFIO_CCW_STATE_QUIESCE) {
		d->rec.flags |= VFIO_CCW_IO_ABORTED;
		complete(&d->quiet);
	}
	finish(d);
	return 0;
}

int vccw_act_wake(struct vccw_dev *d, const void *arg)
{
	vccw_act_status(d, arg);
	complete(&d->quiet);
	return 0;
}

/* A request that ends without a status of its own. */
static void abandon(struct vccw_dev *d)
{
	if (!d->held)
		return;
	d->rec.flags |= VFIO_CCW_IO_ABORTED;
	d->rec.device_ns = vccw_now() - d->started;
	finish(d);
}

int vccw_act_gone(struct vccw_dev *d, const void *arg)
{
	abandon(d);
	complete(&d->quiet);
	return 0;
}

static int cancel(struct vccw_dev *d)
{
	int rc = cio_cancel(d->sch);

	tell(d, VFIO_CCW_FN_XSCH, vccw_cc_of(rc), 0, 0);
	return rc;
}

int vccw_act_cancel(struct vccw_dev *d, const void *arg)
{
	int rc = cancel(d);

	if (!rc && d->held) { /* there will be no interrupt */
		d->rec.flags |= VFIO_CCW_IO_CANCELLED;
		abandon(d);
	}
	return rc;
}

int vccw_act_resume(struct vccw_dev *d, const void *arg)
{
	const bool *onward = arg;
	int rc = cio_resume(d->sch);

	tell(d, VFIO_CCW_FN_RSCH, vccw_cc_of(rc), 0, d->suspended);
	if (!rc && *onward) {
		d->cur = !d->cur;
		d->went_on = true;
		d->suspended = 0;
	}
	return rc;
}

int vccw_resume(struct vccw_dev *d, bool *issued)
{
	struct cp *next = &d->cps[!d->cur];
	bool onward;
	u32 at = 0;
	int rc;

	spin_lock_irq(&d->sch->lock);
	if (d->state == VFIO_CCW_STATE_ACTIVE) {
		/* With the suspended interruption suppressed, only the subchannel tells. */
		if (!d->suspended && !cio_update_schib(d->sch) &&
		    (d->sch->schib.scsw.cmd.actl & SCSW_ACTL_SUSPENDED))
			d->suspended =
				suspended_at(d, dma32_to_u32(d->sch->schib.scsw.cmd.cpa));
		at = d->suspended;
		if (at)
			d->went_on = false;
	}
	spin_unlock_irq(&d->sch->lock);
	onward = at;
	if (onward) {
		__be32 orb[3] = { d->orb[0], d->orb[1], cpu_to_be32(at) };

		/* What it went on from last time is behind the channel for good. */
		cp_release(next);
		rc = vccw_translate(d, next, orb, true);
		if (rc) {
			*issued = false; /* still suspended */
			return rc;
		}
	}
	spin_lock_irq(&d->sch->lock);
	/* It may have been halted or cleared meanwhile: then the instruction says so. */
	onward = onward && d->suspended == at;
	if (onward)
		cp_go_on(vccw_cp(d), at, next);
	rc = vccw_fsm(d, VFIO_CCW_EVENT_RESUME, &onward);
	spin_unlock_irq(&d->sch->lock);
	return rc;
}

/*
 * The channel answers no more. The request is told as ended, but "held" stays: whatever the channel
 * may still do, it does to storage that nobody else gets.
 */
int vccw_act_lost(struct vccw_dev *d, const void *arg)
{
	if (d->held) {
		abandon(d);
		d->held = true;
	}
	return 0;
}

/* CANCEL, and HALT if it is too late for that. 0: done; -EBUSY: an interrupt is to come. */
static int stop_gently(struct vccw_dev *d)
{
	int rc, cc;

	if (scsw_actl(&d->sch->schib.scsw) & ACTL_STOPPING)
		return -EBUSY;
	rc = cancel(d);
	if (rc != -EINVAL)
		return rc;
	cc = hsch(d->sch->schid);
	tell(d, VFIO_CCW_FN_HSCH, cc, 0, 0);
	return cc == 3 ? -ENODEV : -EBUSY;
}

static int stop_hard(struct vccw_dev *d)
{
	int cc = csch(d->sch->schid);

	tell(d, VFIO_CCW_FN_CSCH, cc, 0, 0);
	return cc ? -ENODEV : -EBUSY;
}

int vccw_act_quiesce(struct vccw_dev *d, const void *arg)
{
	const bool *unanswered = arg;
	int rc;

	if (d->state != VFIO_CCW_STATE_QUIESCE)
		d->rounds = 0;
	else if (*unanswered) /* a HALT that hangs blocks every other: no use to wait on */
		d->rounds = QUIESCE_GENTLE;
	if (cio_update_schib(d->sch)) {
		abandon(d);
		return 0;
	}
	if (!d->held && !(scsw_actl(&d->sch->schib.scsw) & ACTL_BUSY))
		return 0;
	/*
	 * The gentle way first. A program that always has some status pending gets no further than
	 * CANCEL there; CLEAR is refused by nothing.
	 */
	if (d->rounds < QUIESCE_GENTLE) {
		d->rounds++;
		rc = stop_gently(d);
		if (!rc && d->held)
			d->rec.flags |= VFIO_CCW_IO_CANCELLED;
	} else {
		rc = stop_hard(d);
	}
	if (rc == -ENODEV)
		rc = 0;
	if (!rc)
		abandon(d);
	return rc;
}

/* Whether the subchannel is as enabling it would make it, and idle. */
static bool enabled_for_us(struct subchannel *sch, u32 intparm)
{
	const struct pmcw *pmcw = &sch->schib.pmcw;

	return !cio_update_schib(sch) && pmcw->ena && pmcw->isc == sch->isc &&
	       pmcw->intparm == intparm && !scsw_fctl(&sch->schib.scsw) &&
	       !scsw_actl(&sch->schib.scsw);
}

int vccw_act_enable(struct vccw_dev *d, const void *arg)
{
	u32 intparm = (u32)virt_to_phys(d->sch);
	int rc;

	if (!d->open)
		return -ENODEV;
	if (d->held) /* lost before: only a new open starts afresh */
		return -EIO;
	if (cio_update_schib(d->sch))
		return -ENODEV;
	/* Paths that were lost with the device, or given up at a cc 3, may be back. */
	d->sch->opm = chp_get_sch_opm(d->sch);
	d->sch->lpm = d->sch->opm & d->sch->schib.pmcw.pam;
	rc = cio_enable_subchannel(d->sch, intparm);
	/*
	 * There are channels that forget a start that is halted before it began, and refuse MODIFY
	 * SUBCHANNEL from then on, at our close as well, until the next program.
	 */
	if (rc == -EBUSY && enabled_for_us(d->sch, intparm))
		rc = 0;
	return rc;
}

int vccw_act_disable(struct vccw_dev *d, const void *arg)
{
	return cio_disable_subchannel(d->sch);
}

/*
 * Whether the channel is done with the program. Intermediate status (PCI, suspend, initial status)
 * is not the end, nor is channel end while the device is still active. The status of HALT or CLEAR
 * is, whatever activity is shown with it: the function was performed.
 */
static bool is_final(const struct irb *irb)
{
	const struct cmd_scsw *scsw = &irb->scsw.cmd;

	if (scsw->fctl & (SCSW_FCTL_HALT_FUNC | SCSW_FCTL_CLEAR_FUNC))
		return !(scsw->actl & (SCSW_ACTL_HALT_PEND | SCSW_ACTL_CLEAR_PEND));
	/* Device end by itself comes with no function: channel end before it took that away. */
	if (scsw->stctl & SCSW_STCTL_SEC_STATUS)
		return true;
	if (!(scsw->fctl & SCSW_FCTL_START_FUNC))
		return false; /* unsolicited */
	if (scsw->cc) /* deferred condition code: it never started */
		return true;
	if (scsw->stctl & (SCSW_STCTL_PRIM_STATUS | SCSW_STCTL_ALERT_STATUS))
		return !(scsw->actl & ACTL_AT_WORK);
	return false;
}

static void tell_irq(const struct vccw_dev *d, const struct irb *irb, bool final)
{
	const struct cmd_scsw *scsw = &irb->scsw.cmd;
	u32 word[3], erw = 0;

	memcpy(word, scsw, sizeof(word));
	if (scsw->eswf)
		memcpy(&erw, &irb->esw.esw1.erw, sizeof(erw));
	trace_vfio_ccw_irq(d->sch->schid, d->held ? d->rec.seq : 0, word[0],
			   d->held ? vccw_guest_cpa(d, dma32_to_u32(scsw->cpa)) : 0, word[2], erw,
			   d->sch->isc, final);
}

/* Called by the channel subsystem with the subchannel lock held and the IRB in cio_irb. */
void vccw_irq(struct subchannel *sch)
{
	struct vccw_parent *parent = dev_get_drvdata(&sch->dev);
	struct vccw_status st = { .irb = this_cpu_ptr(&cio_irb), .now = vccw_now() };
	bool final = is_final(st.irb);

	inc_irq_stat(IRQIO_CIO);
	if (!parent || !parent->dev)
		return;
	if (trace_vfio_ccw_irq_enabled())
		tell_irq(parent->dev, st.irb, final);
	vccw_fsm(parent->dev, final ? VFIO_CCW_EVENT_FINAL : VFIO_CCW_EVENT_INTERRUPT, &st);
}

void vccw_release(struct vccw_dev *d, bool keep)
{
	bool held;

	lockdep_assert_held(&d->io_mutex);
	spin_lock_irq(&d->sch->lock);
	held = d->held;
	spin_unlock_irq(&d->sch->lock);
	if (held)
		return;
	cp_release(&d->cps[!d->cur]);
	if (keep && d->keep)
		cp_keep(vccw_cp(d));
	else
		cp_release(vccw_cp(d));
}

/* How long an interrupt for HALT or CLEAR may take before we ask again, and before we give up. */
#define QUIESCE_WAIT HZ
#define QUIESCE_LIMIT (20 * HZ)

int vccw_quiesce(struct vccw_dev *d, bool mute)
{
	unsigned long limit = jiffies + QUIESCE_LIMIT;
	bool first = true, unanswered = false, waiting;

	lockdep_assert_held(&d->io_mutex);
	for (; first || time_before(jiffies, limit); first = false) {
		reinit_completion(&d->quiet);
		spin_lock_irq(&d->sch->lock);
		d->mute = mute;
		if (first || d->state == VFIO_CCW_STATE_QUIESCE)
			vccw_fsm(d, VFIO_CCW_EVENT_RESET, &unanswered);
		waiting = d->state == VFIO_CCW_STATE_QUIESCE;
		if (!waiting)
			d->mute = false;
		spin_unlock_irq(&d->sch->lock);
		if (!waiting) {
			vccw_release(d, false);
			return 0;
		}
		unanswered = !wait_for_completion_timeout(&d->quiet, QUIESCE_WAIT);
	}
	spin_lock_irq(&d->sch->lock);
	waiting = d->state == VFIO_CCW_STATE_QUIESCE;
	if (waiting)
		vccw_fsm(d, VFIO_CCW_EVENT_GIVEN_UP, NULL);
	d->mute = false;
	spin_unlock_irq(&d->sch->lock);
	if (!waiting) {
		vccw_release(d, false);
		return 0;
	}
	cp_disown(vccw_cp(d));
	cp_disown(&d->cps[!d->cur]);
	dev_err(&d->sch->dev, "the channel keeps its program; the storage stays pinned\n");
	return -EIO;
}
