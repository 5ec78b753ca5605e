/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One subchannel in sysfs. Private to sysfs.c.
 */
#ifndef CCWTOP_SYSFS_DEVICE_H
#define CCWTOP_SYSFS_DEVICE_H

#include "tools/ccwtop/sysfs.h"

/* Everything of d->sch but bound, state and holder. sys and run as of top_sysfs_new(). */
void top_device_read(struct top_device *d, const char *sys, const char *run);

/* The state alone; states is the driver's directory in debugfs. */
void top_device_read_state(struct top_device *d, const char *states);

#endif /* CCWTOP_SYSFS_DEVICE_H */
