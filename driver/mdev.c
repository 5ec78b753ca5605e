// SPDX-License-Identifier: GPL-2.0
/*
 * The mediated device: what user space opens, and its life.
 */
#include <linux/delay.h>
#include <linux/lockdep.h>
#include <linux/module.h>

#include "vccw.h"

static void release_late(struct work_struct *work)
{
	struct vccw_dev *d = container_of(to_delayed_work(work), struct vccw_dev, release);

	if (mutex_trylock(&d->io_mutex)) {
		vccw_release(d, false);
		mutex_unlock(&d->io_mutex);
	} else { /* not waited for: that would be close, which waits for this */
		schedule_delayed_work(&d->release, HZ / 20);
	}
}

static int vccw_init(struct vfio_device *vdev)
{
	struct vccw_dev *d = to_vccw(vdev);

	d->parent = dev_get_drvdata(vdev->dev->parent);
	d->sch = d->parent->sch;
	d->state = VFIO_CCW_STATE_STANDBY;
	mutex_init(&d->io_mutex);
	init_completion(&d->quiet);
	INIT_DELAYED_WORK(&d->release, release_late);
	/* vfio does it when nobody has, without a look at the result: opening would be an oops. */
	return vfio_assign_device_set(vdev, d);
}

static void vccw_free(struct vfio_device *vdev)
{
	/* vfio frees the structure; everything in it went at close. */
}

static void destroy_programs(struct vccw_dev *d)
{
	cp_destroy(&d->cps[0]);
	cp_destroy(&d->cps[1]);
}

static int vccw_open(struct vfio_device *vdev)
{
	struct vccw_dev *d = to_vccw(vdev);
	const struct cp_ops *ops;
	int rc;

	mutex_lock(&d->io_mutex);
	memset(d->cps, 0, sizeof(d->cps)); /* of a lost channel: its storage stays where it is */
	ops = vccw_guest_watch(d);
	rc = cp_init(&d->cps[0], ops, d, &vccw_limits);
	if (!rc)
		rc = cp_init(&d->cps[1], ops, d, &vccw_limits);
	if (rc) {
		destroy_programs(d);
		mutex_unlock(&d->io_mutex);
		vccw_guest_unwatch(d);
		return rc;
	}
	mutex_unlock(&d->io_mutex);
	memset(&d->io, 0, sizeof(d->io));
	memset(&d->cmd, 0, sizeof(d->cmd));
	memset(&d->func, 0, sizeof(d->func));
	spin_lock_irq(&d->sch->lock);
	memset(&d->rec, 0, sizeof(d->rec));
	memset(&d->irbs, 0, sizeof(d->irbs));
	memset(&d->crws, 0, sizeof(d->crws));
	vccw_stats_reset(d);
	d->cur = 0;
	d->suspended = 0;
	d->seq = 0;
	d->mute = false;
	d->held = false;
	d->open = true;
	rc = vccw_fsm(d, VFIO_CCW_EVENT_OPEN, NULL);
	if (rc)
		d->open = false;
	spin_unlock_irq(&d->sch->lock);
	if (rc) {
		destroy_programs(d);
		vccw_guest_unwatch(d);
	}
	return rc;
}

static void vccw_close(struct vfio_device *vdev)
{
	struct vccw_dev *d = to_vccw(vdev);
	bool held;

	vccw_put_triggers(d);
	mutex_lock(&d->io_mutex);
	vccw_quiesce(d, true);
	spin_lock_irq(&d->sch->lock);
	vccw_fsm(d, VFIO_CCW_EVENT_CLOSE, NULL);
	d->open = false;
	held = d->held;
	if (cio_update_schib(d->sch)) /* gone while it was open: now it may go altogether */
		css_sched_sch_todo(d->sch, SCH_TODO_UNREG);
	spin_unlock_irq(&d->sch->lock);
	/* A program that the channel never gave back keeps its storage: better lost than reused. */
	if (!held)
		destroy_programs(d);
	mutex_unlock(&d->io_mutex);
	cancel_delayed_work_sync(&d->release);
	vccw_guest_unwatch(d);
}

static long device_info(struct vfio_device_info __user *arg)
{
	size_t len = offsetofend(struct vfio_device_info, num_irqs);
	struct vfio_device_info info;

	if (copy_from_user(&info, arg, len))
		return -EFAULT;
	if (info.argsz < len)
		return -EINVAL;
	info.flags = VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET;
	info.num_regions = vccw_region_count();
	info.num_irqs = VFIO_CCW_NUM_IRQS;
	return copy_to_user(arg, &info, len) ? -EFAULT : 0;
}

static long device_reset(struct vccw_dev *d)
{
	long rc;

	mutex_lock(&d->io_mutex);
	rc = vccw_quiesce(d, true);
	spin_lock_irq(&d->sch->lock);
	d->irbs.n = 0; /* status of before is nobody's any more */
	if (d->state == VFIO_CCW_STATE_NOT_OPER || d->state == VFIO_CCW_STATE_STANDBY)
		rc = -ENODEV;
	spin_unlock_irq(&d->sch->lock);
	mutex_unlock(&d->io_mutex);
	return rc;
}

static long vccw_ioctl(struct vfio_device *vdev, unsigned int cmd, unsigned long arg)
{
	struct vccw_dev *d = to_vccw(vdev);
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case VFIO_DEVICE_GET_INFO:
		return device_info(user);
	case VFIO_DEVICE_GET_REGION_INFO:
		return vccw_get_region_info(vdev, user, vccw_region_info);
	case VFIO_DEVICE_GET_IRQ_INFO:
		return vccw_irq_info(user);
	case VFIO_DEVICE_SET_IRQS:
		return vccw_set_irqs(d, user);
	case VFIO_DEVICE_RESET:
		return device_reset(d);
	default:
		return -ENOTTY;
	}
}

static ssize_t vccw_read(struct vfio_device *vdev, char __user *buf, size_t count, loff_t *ppos)
{
	return vccw_region_read(to_vccw(vdev), buf, count, ppos);
}

static ssize_t vccw_write(struct vfio_device *vdev, const char __user *buf, size_t count,
			  loff_t *ppos)
{
	return vccw_region_write(to_vccw(vdev), buf, count, ppos);
}

/* Somebody wants the device back: user space is asked to close it. */
static void vccw_request(struct vfio_device *vdev, unsigned int count)
{
	struct vccw_dev *d = to_vccw(vdev);
	bool asked;

	spin_lock_irq(&d->sch->lock);
	asked = d->trigger[VFIO_CCW_REQ_IRQ_INDEX];
	vccw_signal(d, VFIO_CCW_REQ_IRQ_INDEX);
	spin_unlock_irq(&d->sch->lock);
	if (!asked && !count)
		dev_notice(vdev->dev, "no REQ eventfd: waiting until user space closes it\n");
}

/*
 * vfio calls with its list of devices locked. Who translates has io_mutex and may wait for vfio's
 * lock of the mappings, which somebody may have who opens one more device and waits for the list:
 * waiting here without end would be a deadlock of three. vfio asks again when pages are still
 * pinned, ten times, and lets the others go on between; longer than any holder of io_mutex needs,
 * quiescing included.
 */
#define UNMAP_PATIENCE (3 * HZ)

static bool lock_for_unmap(struct vccw_dev *d)
{
	unsigned long limit = jiffies + UNMAP_PATIENCE;

	while (!mutex_trylock(&d->io_mutex)) {
		if (time_after(jiffies, limit))
			return false;
		usleep_range(50, 200);
	}
	return true;
}

static void vccw_dma_unmap(struct vfio_device *vdev, u64 iova, u64 length)
{
	struct vccw_dev *d = to_vccw(vdev);

	if (!lock_for_unmap(d))
		return;
	if (trace_vfio_ccw_pin_enabled())
		trace_vfio_ccw_pin(d->sch->schid, READ_ONCE(d->rec.seq), VFIO_CCW_PIN_UNMAP, iova,
				   (length >> PAGE_SHIFT) + !!(length & ~PAGE_MASK),
				   cp_kept(&d->cps[0]) + cp_kept(&d->cps[1]), 0);
	/*
	 * vfio_iommu_type1 takes the lock of its mappings to unpin, here under the one of its
	 * list, and elsewhere these two the other way round: whatever driver is notified. Lockdep
	 * would tell that once, and nothing of ours from then on.
	 */
	lockdep_off();
	vccw_release(d, false);
	if (cp_uses(&d->cps[0], iova, length) || cp_uses(&d->cps[1], iova, length))
		vccw_quiesce(d, false);
	lockdep_on();
	d->unmapped = vccw_now();
	mutex_unlock(&d->io_mutex);
}

static const struct vfio_device_ops vccw_ops = {
	.name = "vfio_ccw",
	.init = vccw_init,
	.release = vccw_free,
	.open_device = vccw_open,
	.close_device = vccw_close,
	.ioctl = vccw_ioctl,
	VCCW_REGION_INFO_OP(vccw_region_info)
	.read = vccw_read,
	.write = vccw_write,
	.request = vccw_request,
	.dma_unmap = vccw_dma_unmap,
	.bind_iommufd = vfio_iommufd_emulated_bind,
	.unbind_iommufd = vfio_iommufd_emulated_unbind,
	.attach_ioas = vfio_iommufd_emulated_attach_ioas,
	.detach_ioas = vfio_iommufd_emulated_detach_ioas,
};

static void set_dev(struct vccw_parent *parent, struct vccw_dev *d)
{
	spin_lock_irq(&parent->sch->lock);
	parent->dev = d;
	spin_unlock_irq(&parent->sch->lock);
}

static int vccw_mdev_probe(struct mdev_device *mdev)
{
	struct vccw_dev *d;
	int rc;

	d = vfio_alloc_device(vccw_dev, vdev, &mdev->dev, &vccw_ops);
	if (IS_ERR(d))
		return PTR_ERR(d);
	dev_set_drvdata(&mdev->dev, d);
	set_dev(d->parent, d);
	rc = vfio_register_emulated_iommu_dev(&d->vdev);
	if (rc) {
		set_dev(d->parent, NULL);
		vfio_put_device(&d->vdev);
		return rc;
	}
	vccw_stats_publish(d);
	return 0;
}

static void vccw_mdev_remove(struct mdev_device *mdev)
{
	struct vccw_dev *d = dev_get_drvdata(&mdev->dev);

	vccw_stats_withdraw(d);
	vfio_unregister_group_dev(&d->vdev); /* waits until user space has closed it */
	set_dev(d->parent, NULL);
	vfio_put_device(&d->vdev);
}

struct mdev_driver vccw_mdev_driver = {
	.device_api = VFIO_DEVICE_API_CCW_STRING,
	.max_instances = 1,
	.driver = {
		.name = "vfio_ccw_mdev",
		.owner = THIS_MODULE,
		.mod_name = KBUILD_MODNAME,
	},
	.probe = vccw_mdev_probe,
	.remove = vccw_mdev_remove,
};
