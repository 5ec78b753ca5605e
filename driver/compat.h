/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the kernels that this driver builds for differ: all of it, and only here. HAVE_* come from
 * Kbuild, which looks into the kernel's headers; versions say nothing about a backport.
 */
#ifndef VCCW_COMPAT_H
#define VCCW_COMPAT_H

#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/vfio.h>

/*
 * What a driver says of one region: fills info (but for argsz and cap_offset) and adds to caps,
 * which the caller frees. 0 or a negative errno.
 */
typedef int vccw_region_info_fn(struct vfio_device *vdev, struct vfio_region_info *info,
				struct vfio_info_cap *caps);

#ifdef HAVE_GET_REGION_INFO_CAPS
/* vfio answers VFIO_DEVICE_GET_REGION_INFO; the driver's ioctl never sees it. */
#define VCCW_REGION_INFO_OP(fn) .get_region_info_caps = (fn),

static inline long vccw_get_region_info(struct vfio_device *vdev, void __user *arg,
					vccw_region_info_fn *fn)
{
	return -ENOTTY;
}
#else
#define VCCW_REGION_INFO_OP(fn)

/* Answers VFIO_DEVICE_GET_REGION_INFO as the contract has it. 0 or a negative errno. */
static inline long vccw_get_region_info(struct vfio_device *vdev, void __user *arg,
					vccw_region_info_fn *fn)
{
	size_t len = offsetofend(struct vfio_region_info, offset);
	struct vfio_info_cap caps = { };
	struct vfio_region_info info;
	long rc;

	if (copy_from_user(&info, arg, len))
		return -EFAULT;
	if (info.argsz < len)
		return -EINVAL;
	info.cap_offset = 0;
	rc = fn(vdev, &info, &caps);
	if (!rc && caps.size) {
		info.flags |= VFIO_REGION_INFO_FLAG_CAPS;
		if (info.argsz < sizeof(info) + caps.size) {
			info.argsz = sizeof(info) + caps.size; /* ask again with that much */
		} else {
			vfio_info_cap_shift(&caps, sizeof(info));
			if (copy_to_user((u8 __user *)arg + sizeof(info), caps.buf, caps.size))
				rc = -EFAULT;
			info.cap_offset = sizeof(info);
		}
	}
	if (!rc && copy_to_user(arg, &info, len))
		rc = -EFAULT;
	kfree(caps.buf);
	return rc;
}
#endif

/* A kernel without KVM may have none: pages are then pinned anew for each request. */
#ifndef CONFIG_MMU_NOTIFIER
#define mmu_notifier_register(mn, mm) ((void)(mn), (void)(mm), -EOPNOTSUPP)
#define mmu_notifier_unregister(mn, mm) ((void)(mn), (void)(mm))
#endif

#endif /* VCCW_COMPAT_H */
