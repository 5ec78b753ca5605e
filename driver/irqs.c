// SPDX-License-Identifier: GPL-2.0
/*
 * Eventfds: I/O interrupts, channel reports, the request to let go.
 */
#include <linux/nospec.h>

#include "vccw.h"

void vccw_signal(struct vccw_dev *d, unsigned int index)
{
	if (trace_vfio_ccw_deliver_enabled()) {
		unsigned int depth = index == VFIO_CCW_IO_IRQ_INDEX ? d->irbs.n :
				     index == VFIO_CCW_CRW_IRQ_INDEX ? d->crws.n : 0;

		trace_vfio_ccw_deliver(d->sch->schid, d->rec.seq, index, !!d->trigger[index],
				       depth);
	}
	if (d->trigger[index])
		eventfd_signal(d->trigger[index]);
}

static void set_trigger(struct vccw_dev *d, unsigned int index, struct eventfd_ctx *ctx)
{
	struct eventfd_ctx *old;

	spin_lock_irq(&d->sch->lock);
	old = d->trigger[index];
	d->trigger[index] = ctx;
	spin_unlock_irq(&d->sch->lock);
	if (old)
		eventfd_ctx_put(old);
}

void vccw_put_triggers(struct vccw_dev *d)
{
	unsigned int i;

	for (i = 0; i < VFIO_CCW_NUM_IRQS; i++)
		set_trigger(d, i, NULL);
}

long vccw_irq_info(struct vfio_irq_info __user *arg)
{
	size_t len = offsetofend(struct vfio_irq_info, count);
	struct vfio_irq_info info;

	if (copy_from_user(&info, arg, len))
		return -EFAULT;
	if (info.argsz < len || info.index >= VFIO_CCW_NUM_IRQS)
		return -EINVAL;
	info.flags = VFIO_IRQ_INFO_EVENTFD;
	info.count = 1;
	return copy_to_user(arg, &info, len) ? -EFAULT : 0;
}

static long fire(struct vccw_dev *d, unsigned int index)
{
	spin_lock_irq(&d->sch->lock);
	vccw_signal(d, index);
	spin_unlock_irq(&d->sch->lock);
	return 0;
}

long vccw_set_irqs(struct vccw_dev *d, struct vfio_irq_set __user *arg)
{
	size_t len = offsetofend(struct vfio_irq_set, count), size;
	struct eventfd_ctx *ctx = NULL;
	struct vfio_irq_set set;
	s32 fd;
	u8 yes;
	int rc;

	if (copy_from_user(&set, arg, len))
		return -EFAULT;
	rc = vfio_set_irqs_validate_and_prepare(&set, 1, VFIO_CCW_NUM_IRQS, &size);
	if (rc)
		return rc;
	set.index = array_index_nospec(set.index, VFIO_CCW_NUM_IRQS);
	if ((set.flags & VFIO_IRQ_SET_ACTION_TYPE_MASK) != VFIO_IRQ_SET_ACTION_TRIGGER)
		return -EINVAL;

	switch (set.flags & VFIO_IRQ_SET_DATA_TYPE_MASK) {
	case VFIO_IRQ_SET_DATA_NONE:
		if (!set.count) { /* vfio's way to say: switch it off */
			set_trigger(d, set.index, NULL);
			return 0;
		}
		return fire(d, set.index);
	case VFIO_IRQ_SET_DATA_BOOL:
		if (!set.count)
			return -EINVAL;
		if (get_user(yes, (u8 __user *)arg->data))
			return -EFAULT;
		return yes ? fire(d, set.index) : 0;
	case VFIO_IRQ_SET_DATA_EVENTFD:
		if (!set.count)
			return -EINVAL;
		if (get_user(fd, (s32 __user *)arg->data))
			return -EFAULT;
		if (fd < -1)
			return -EINVAL;
		if (fd >= 0) {
			ctx = eventfd_ctx_fdget(fd);
			if (IS_ERR(ctx))
				return PTR_ERR(ctx);
		}
		set_trigger(d, set.index, ctx);
		return 0;
	default:
		return -EINVAL;
	}
}
