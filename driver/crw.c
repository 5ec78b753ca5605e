// SPDX-License-Identifier: GPL-2.0
/*
 * Channel reports for the guest: a bounded queue, oldest first. One that finds no room is lost, and
 * the last that is queued says so with the overflow bit (Principles of Operation, chapter 17,
 * channel-report word).
 */
#include <asm/crw.h>

#include "vccw.h"

void vccw_crw_add(struct vccw_dev *d, unsigned int rsc, unsigned int erc, u16 rsid)
{
	struct vccw_crws *q = &d->crws;
	union {
		struct crw crw;
		u32 word;
	} u = { .crw = { .rsc = rsc, .erc = erc, .rsid = rsid } };

	lockdep_assert_held(&d->sch->lock);
	if (!d->open)
		return;
	if (q->n == VCCW_CRWS) {
		u.word = q->word[(q->head + q->n - 1) % VCCW_CRWS];
		u.crw.oflw = 1;
		q->word[(q->head + q->n - 1) % VCCW_CRWS] = u.word;
		d->stats.crw_overflows++;
		trace_vfio_ccw_crw(d->sch->schid, VFIO_CCW_CRW_DROPPED, rsc, erc, rsid, q->n);
		return;
	}
	q->word[(q->head + q->n++) % VCCW_CRWS] = u.word;
	d->stats.crws++;
	trace_vfio_ccw_crw(d->sch->schid, VFIO_CCW_CRW_QUEUED, rsc, erc, rsid, q->n);
	vccw_signal(d, VFIO_CCW_CRW_IRQ_INDEX);
}

/* The oldest report, 0 if there is none. */
u32 vccw_crw_take(struct vccw_dev *d)
{
	struct vccw_crws *q = &d->crws;
	union {
		struct crw crw;
		u32 word;
	} u = { };

	spin_lock_irq(&d->sch->lock);
	if (q->n) {
		u.word = q->word[q->head];
		q->head = (q->head + 1) % VCCW_CRWS;
		q->n--;
		trace_vfio_ccw_crw(d->sch->schid, VFIO_CCW_CRW_READ, u.crw.rsc, u.crw.erc,
				   u.crw.rsid, q->n);
		if (q->n)
			vccw_signal(d, VFIO_CCW_CRW_IRQ_INDEX);
	}
	spin_unlock_irq(&d->sch->lock);
	return u.word;
}
