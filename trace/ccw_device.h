/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a machine knows of the devices behind its subchannels: gathered from sysfs by the recorder,
 * kept in the recording, so that a reader elsewhere can name things.
 *
 * In a trace.dat file it is option CCW_DAT_OPTION_NOTES, which other tools skip: text, a line for
 * each thing, words separated by spaces, what is unknown left out:
 *
 *	ccw 1
 *	driver vfio_ccw VERSION
 *	device 0.0.0001 devno=0.0.1000 cu=3990/e9 dev=3390/0c mdev=UUID driver=vfio_ccw
 *
 * Lines and words that a reader does not know are for later versions and skipped.
 */
#ifndef TRACE_CCW_DEVICE_H
#define TRACE_CCW_DEVICE_H

#include <stddef.h>

#include "trace/ccw_filter.h"
#include "trace/ccw_io.h"
#include "trace/ccw_source.h"

/* trace-cmd and libtracecmd pass over options that they do not know. */
#define CCW_DAT_OPTION_NOTES 0xcc01

/* Printable words, empty if unknown. */
struct ccw_device {
	struct ccw_sch sch;
	char devno[12]; /* "0.0.0120" */
	char dev[12]; /* device type and model, "3390/0c" */
	char cu[12]; /* control unit type and model, "3990/e9" */
	char mdev[40]; /* UUID of the mediated device */
	char driver[20]; /* of the subchannel: "vfio_ccw", "io_subchannel" */
};

struct ccw_devices;

struct ccw_devices *ccw_devices_new(void); /* NULL: no memory */
void ccw_devices_free(struct ccw_devices *d); /* NULL is fine */

/*
 * Adds what sysfs (mounted at sys) knows of the subchannels that filter matches; what was known
 * before stays where sysfs no longer says it. Once vfio_ccw has a subchannel its device's type is
 * gone: who bound it may have left a note in run ("/run/vfio-ccw", see ccwtop(1)). 0 or -ENOMEM.
 */
int ccw_devices_gather(struct ccw_devices *d, const char *sys, const char *run,
		       const struct ccw_filter *filter);

/* As the recording has it, to be freed by the caller. NULL: no memory. */
char *ccw_devices_text(const struct ccw_devices *d);

/* Adds what the text of a recording says; len bytes, not necessarily terminated. 0 or -ENOMEM */
int ccw_devices_parse(struct ccw_devices *d, const char *text, size_t len);

size_t ccw_devices_count(const struct ccw_devices *d);
const struct ccw_device *ccw_devices_at(const struct ccw_devices *d, size_t i); /* sorted */
const struct ccw_device *ccw_devices_find(const struct ccw_devices *d, struct ccw_sch sch);
const char *ccw_devices_driver(const struct ccw_devices *d); /* "vfio_ccw 0.2", "" unknown */

/* Of a recording; NULL: it does not say (all of them: no such note in it). Owned by the source. */
const struct ccw_device *ccw_source_device(struct ccw_source *src, struct ccw_sch sch);
const struct ccw_devices *ccw_source_devices(struct ccw_source *src);

#endif /* TRACE_CCW_DEVICE_H */
