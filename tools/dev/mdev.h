/* SPDX-License-Identifier: GPL-2.0 */
/* Subchannels of vfio_ccw and their mediated devices, as sysfs shows them. */
#ifndef TOOLS_DEV_MDEV_H
#define TOOLS_DEV_MDEV_H

#include <stddef.h>

#include "error.h"

struct mdev {
	char subchannel[16];	/* 0.0.0003 */
	char uuid[37];		/* empty: the subchannel has none yet */
	int group;		/* IOMMU group number, -1: none */
};

/*
 * @name: a subchannel 0.0.0003, a UUID, or a path whose last part is the UUID.
 * Returns 0, -EINVAL (not such a name), -ENODEV (none there) or what sysfs gave.
 */
int mdev_find(const char *name, struct mdev *out, struct ccwio_error *err);

/*
 * All subchannels bound to vfio_ccw, in the order of their numbers; a subchannel without mediated
 * device is in it too. *@list is to be freed. Returns 0 or a negative errno.
 */
int mdev_list(struct mdev **list, size_t *count, struct ccwio_error *err);

#endif
