// SPDX-License-Identifier: GPL-2.0
/*
 * The subchannel driver: binds to I/O subchannels and offers each as one mediated device.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <asm/isc.h>

#include "vccw.h"

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
	if (rc) {
		dev_set_drvdata(&sch->dev, NULL);
		kfree(p);
	}
	return rc;
}

static void vccw_remove(struct subchannel *sch)
{
	struct vccw_parent *p = dev_get_drvdata(&sch->dev);

	mdev_unregister_parent(&p->mdevs);
	spin_lock_irq(&sch->lock);
	dev_set_drvdata(&sch->dev, NULL);
	spin_unlock_irq(&sch->lock);
	kfree(p);
}

/* At shutdown nobody waits for interrupts any more: stop what runs, and the subchannel. */
static void vccw_shutdown(struct subchannel *sch)
{
	struct vccw_parent *p = dev_get_drvdata(&sch->dev);

	if (!p || !p->dev)
		return;
	mutex_lock(&p->dev->io_mutex);
	vccw_quiesce(p->dev, true);
	spin_lock_irq(&sch->lock);
	cio_disable_subchannel(sch);
	spin_unlock_irq(&sch->lock);
	mutex_unlock(&p->dev->io_mutex);
}

/* Something happened to the subchannel: look whether the device is still there. */
static int vccw_sch_event(struct subchannel *sch, int slow)
{
	struct vccw_parent *p = dev_get_drvdata(&sch->dev);
	unsigned long flags;
	bool gone;

	spin_lock_irqsave(&sch->lock, flags);
	if (work_pending(&sch->todo_work)) {
		spin_unlock_irqrestore(&sch->lock, flags);
		return 0;
	}
	gone = cio_update_schib(sch);
	if (gone)
		css_sched_sch_todo(sch, SCH_TODO_UNREG);
	if (p && p->dev)
		vccw_fsm(p->dev, gone ? VFIO_CCW_EVENT_NOT_OPER : VFIO_CCW_EVENT_OPER, NULL);
	spin_unlock_irqrestore(&sch->lock, flags);
	return 0;
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
	isc_unregister(VFIO_CCW_ISC);
	return rc;
}

static void __exit vccw_module_exit(void)
{
	css_driver_unregister(&vccw_driver);
	mdev_unregister_driver(&vccw_mdev_driver);
	isc_unregister(VFIO_CCW_ISC);
}

module_init(vccw_module_init);
module_exit(vccw_module_exit);

MODULE_DESCRIPTION("VFIO passthrough of I/O subchannels, with tracepoints");
MODULE_LICENSE("GPL");
