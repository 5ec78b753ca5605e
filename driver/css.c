// SPDX-License-Identifier: GPL-2.0
/*
 * The subchannel driver: binds to I/O subchannels and offers each as one mediated device.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <asm/crw.h>
#include <asm/isc.h>

#include "vccw.h"

/* Events and interrupts look it up under the lock, and come at any time, during probe as well. */
static void free_parent(struct vccw_parent *p)
{
	spin_lock_irq(&p->sch->lock);
	dev_set_drvdata(&p->sch->dev, NULL);
	spin_unlock_irq(&p->sch->lock);
	kfree(p);
}

static int vccw_probe(struct subchannel *sch)
{
	struct vccw_parent *p;
	int rc;

	if (sch->schib.pmcw.qf) {
		dev_warn(&sch->dev, "vfio_ccw: QDIO subchannels cannot be passed through\n");
		return -ENODEV;
	}
	p = kzalloc(sizeof(*p), GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	p->sch = sch;
	p->type.sysfs_name = "io";
	p->type.pretty_name = "I/O subchannel (Non-QDIO)";
	p->types[0] = &p->type;
	sch->isc = VFIO_CCW_ISC;
	dev_set_drvdata(&sch->dev, p);
	rc = mdev_register_parent(&p->mdevs, &sch->dev, &vccw_mdev_driver, p->types, 1);
	if (rc)
		free_parent(p);
	return rc;
}

static void vccw_remove(struct subchannel *sch)
{
	struct vccw_parent *p = dev_get_drvdata(&sch->dev);

	mdev_unregister_parent(&p->mdevs);
	free_parent(p);
}

/* At shutdown nobody waits for interrupts any more: stop what runs, and the subchannel. */
static void vccw_shutdown(struct subchannel *sch)
{
	unsigned int tries;
	int rc;

	/* No mutex: whoever holds one may never come back. */
	for (tries = 0; tries < 100; tries++) {
		spin_lock_irq(&sch->lock);
		rc = cio_disable_subchannel(sch);
		if (rc == -EBUSY) {
			int cleared = cio_clear(sch);

			trace_vfio_ccw_ssch(sch->schid, 0, VFIO_CCW_FN_CSCH, vccw_cc_of(cleared),
					    0, 0);
		}
		spin_unlock_irq(&sch->lock);
		if (rc != -EBUSY)
			return;
		msleep(20);
	}
}

/*
 * Something happened to the subchannel: look whether the device is still there, and tell the guest.
 * While user space has it open, a device that went away is kept, not operational, until it is back
 * or closed: the guest decides.
 */
static int vccw_sch_event(struct subchannel *sch, int slow)
{
	struct vccw_parent *p;
	unsigned long flags;
	struct vccw_dev *d;
	bool gone, was_gone;

	spin_lock_irqsave(&sch->lock, flags);
	p = dev_get_drvdata(&sch->dev); /* under the lock: see free_parent() */
	if (work_pending(&sch->todo_work)) {
		spin_unlock_irqrestore(&sch->lock, flags);
		return 0;
	}
	gone = cio_update_schib(sch);
	d = p ? p->dev : NULL;
	if (gone && (!d || !d->open))
		css_sched_sch_todo(sch, SCH_TODO_UNREG);
	if (d) {
		was_gone = d->state == VFIO_CCW_STATE_NOT_OPER;
		vccw_fsm(d, gone ? VFIO_CCW_EVENT_NOT_OPER : VFIO_CCW_EVENT_OPER, NULL);
		if (gone != was_gone)
			vccw_crw_add(d, CRW_RSC_SCH, CRW_ERC_IPARM, sch->schid.sch_no);
	}
	spin_unlock_irqrestore(&sch->lock, flags);
	return 0;
}

/* The channel-path ids of a mask, as reports for the guest. */
static void report_paths(struct subchannel *sch, int mask, unsigned int erc)
{
	struct vccw_parent *p = dev_get_drvdata(&sch->dev);
	int i;

	for (i = 0; p && p->dev && i < 8; i++)
		if (mask & 0x80 >> i)
			vccw_crw_add(p->dev, CRW_RSC_CPATH, erc, sch->schib.pmcw.chpid[i]);
}

/*
 * A channel path came or went. The paths that a request may use are those that the operator left
 * on and that the channel subsystem says are available, looked up afresh whatever the event.
 */
static int vccw_chp_event(struct subchannel *sch, struct chp_link *link, int event)
{
	int mask = chp_ssd_get_mask(&sch->ssd_info, link);

	if (!mask)
		return 0;
	trace_vfio_ccw_chp_event(sch->schid, mask, event);
	sch->opm = chp_get_sch_opm(sch);
	if (cio_update_schib(sch))
		return -ENODEV;
	sch->lpm = sch->opm & sch->schib.pmcw.pam;
	if (event == CHP_OFFLINE) /* lost, though the channel subsystem may not say so yet */
		sch->lpm &= ~mask;
	if (event == CHP_OFFLINE || event == CHP_VARY_OFF)
		report_paths(sch, mask, CRW_ERC_PERRN);
	else if (event == CHP_ONLINE || event == CHP_VARY_ON)
		report_paths(sch, mask, CRW_ERC_INIT);
	return 0;
}

static struct css_device_id vccw_ids[] = {
	{ .match_flags = 0x1, .type = SUBCHANNEL_TYPE_IO, },
	{ },
};

static struct css_driver vccw_driver = {
	.drv = {
		.name = "vfio_ccw",
		.owner = THIS_MODULE,
	},
	.subchannel_type = vccw_ids,
	.irq = vccw_irq,
	.probe = vccw_probe,
	.remove = vccw_remove,
	.shutdown = vccw_shutdown,
	.sch_event = vccw_sch_event,
	.chp_event = vccw_chp_event,
};

static int __init vccw_module_init(void)
{
	int rc;

	isc_register(VFIO_CCW_ISC);
	vccw_stats_init();
	rc = mdev_register_driver(&vccw_mdev_driver);
	if (rc)
		goto out_isc;
	rc = css_driver_register(&vccw_driver);
	if (rc)
		goto out_mdev;
	return 0;
out_mdev:
	mdev_unregister_driver(&vccw_mdev_driver);
out_isc:
	vccw_stats_exit();
	isc_unregister(VFIO_CCW_ISC);
	return rc;
}

static void __exit vccw_module_exit(void)
{
	css_driver_unregister(&vccw_driver);
	mdev_unregister_driver(&vccw_mdev_driver);
	vccw_stats_exit();
	isc_unregister(VFIO_CCW_ISC);
}

module_init(vccw_module_init);
module_exit(vccw_module_exit);

MODULE_DESCRIPTION("VFIO passthrough of I/O subchannels, with tracepoints");
MODULE_LICENSE("GPL");
