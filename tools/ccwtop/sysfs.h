/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sysfs tells about the subchannels bound to vfio_ccw.
 */
#ifndef CCWTOP_SYSFS_H
#define CCWTOP_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/ccw_io.h"

#define TOP_NOT_MEASURED UINT64_MAX

/*
 * The channel's own measurement of a device, where it is on (cmb_enable): averages since then, ns.
 * The kernel has it for devices of its own alone: a subchannel of vfio_ccw has no ccw device.
 */
struct top_cmf {
	uint64_t samples;
	uint64_t function_pending_time;
	uint64_t device_connect_time;
	uint64_t device_disconnect_time;
	uint64_t control_unit_queuing_time;
	uint64_t device_active_only_time;
	uint64_t device_busy_time;
	uint64_t initial_command_response_time;
};

/* Strings are printable, empty if unknown. */
struct top_device {
	struct ccw_sch sch;
	bool bound; /* still bound to vfio_ccw at the last scan */
	bool was_bound; /* at the one before */
	bool has_paths; /* the next four are known */
	uint8_t chpid[8], pim, pam, pom; /* chpid[i] counts if bit 0x80 >> i of pim is on */
	char devno[8]; /* "0120" */
	char dev[12]; /* device type and model, "3390/0c" */
	char cu[12]; /* control unit type and model, "3990/e9" */
	char state[16]; /* of the driver's state machine, from debugfs; empty: not readable */
	char driver[20]; /* of the subchannel: "vfio_ccw", "io_subchannel" */
	char mdev[40]; /* UUID of the mediated device, if one exists */
	char node[24]; /* of that, below /dev/vfio: "3", "devices/vfio0" */
	char vm[32]; /* who has that open: -name of a QEMU, else the name of the process */
	int pid; /* of it; 0: nobody, or not allowed to see */
	struct top_cmf *cmf; /* NULL: not measured */
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
 * Looks again: which subchannels are bound, and what changed. Where there are more than some dozens
 * what changes without a word from the kernel is seen a few scans later; holders, too. States of
 * more than 256 are read 256 a scan. Devices once seen stay known, with bound false. 0 or a
 * negative errno: -ENOENT means that the driver is not loaded, everything is then unbound.
 */
int top_sysfs_scan(struct top_sysfs *s);

/* A subchannel that is not bound to vfio_ccw but has I/O: known from now on. 0 or -ENOMEM */
int top_sysfs_add(struct top_sysfs *s, struct ccw_sch sch);

size_t top_sysfs_count(const struct top_sysfs *s);
const struct top_device *top_sysfs_at(const struct top_sysfs *s, size_t i);
const struct top_device *top_sysfs_find(const struct top_sysfs *s, struct ccw_sch sch);

#endif /* CCWTOP_SYSFS_H */
