/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sysfs tells about the subchannels bound to vfio_ccw.
 */
#ifndef CCWTOP_SYSFS_H
#define CCWTOP_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/ccw_io.h"

/* Everything is a printable string, empty if unknown. */
struct top_device {
	struct ccw_sch sch;
	bool bound; /* still bound to vfio_ccw at the last scan */
	char devno[8]; /* "0120" */
	char dev[12]; /* device type and model, "3390/0c" */
	char cu[12]; /* control unit type and model, "3990/e9" */
	char state[16]; /* of the driver's state machine, from debugfs; empty: not readable */
	char mdev[40]; /* UUID of the mediated device, if one exists */
};

struct top_sysfs;

/*
 * sys is where sysfs is mounted ("/sys"). run is where notes about passed-through devices lie
 * ("/run/vfio-ccw"): once a subchannel is bound to vfio_ccw its ccw device and with it the
 * device type is gone, so whoever binds it may leave a file there, named like the subchannel, with
 * lines dev_busid=, devtype=, cutype= as sysfs had them. A note counts only while its dev_busid is
 * that of the subchannel. NULL: no memory.
 */
struct top_sysfs *top_sysfs_new(const char *sys, const char *run);
void top_sysfs_free(struct top_sysfs *s);

/*
 * Keeps the driver's directory in debugfs open, so that states can be read after the rights to get
 * into debugfs are given up. Without rights or driver, states stay unknown.
 */
void top_sysfs_keep_states(struct top_sysfs *s);

/*
 * Looks again. Devices once seen stay known, with bound false. 0 or a negative errno: -ENOENT means
 * that the driver is not loaded, everything is then unbound.
 */
int top_sysfs_scan(struct top_sysfs *s);

size_t top_sysfs_count(const struct top_sysfs *s);
const struct top_device *top_sysfs_at(const struct top_sysfs *s, size_t i);
const struct top_device *top_sysfs_find(const struct top_sysfs *s, struct ccw_sch sch);

#endif /* CCWTOP_SYSFS_H */
