/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One vfio-ccw device: container, group, guest memory, regions, interrupts.
 *
 * Contract: <linux/vfio.h>, <linux/vfio_ccw.h> and Documentation/arch/s390/vfio-ccw.rst of the
 * kernel. Region numbers past the I/O region are found by their capability, never assumed.
 */
#ifndef TOOLS_DEV_VFIO_H
#define TOOLS_DEV_VFIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "mdev.h"

enum vfio_region {
	REGION_IO,
	REGION_CMD,	/* HALT and CLEAR SUBCHANNEL */
	REGION_SCHIB,
	REGION_CRW,
	REGION_FUNC,	/* CANCEL and RESUME SUBCHANNEL */
	REGION_STATS,
	REGION_COUNT,
};

struct vfio_dev;

/* Opens the device and sets up the I/O eventfd. *@out is to be closed. 0 or a negative errno. */
int vfio_open(const struct mdev *m, struct vfio_dev **out, struct ccwio_error *err);
void vfio_close(struct vfio_dev *d);

/*
 * Maps @size bytes at @host as guest memory from address @base on, all multiples of 4096; the
 * memory must outlive the device.
 */
int vfio_map(struct vfio_dev *d, uint64_t base, void *host, uint64_t size,
	     struct ccwio_error *err);

/*
 * Access @len bytes at @offset of a region. Returns 0, the negative errno the driver gave, -ENXIO
 * where the device has no such region or -EIO for a short transfer.
 */
int vfio_write(struct vfio_dev *d, enum vfio_region r, uint32_t offset, const void *buf,
	       size_t len);
int vfio_read(struct vfio_dev *d, enum vfio_region r, uint32_t offset, void *buf, size_t len);

/* HALT (true) or CLEAR SUBCHANNEL through the command region. */
int vfio_halt_clear(struct vfio_dev *d, bool halt);
int vfio_reset(struct vfio_dev *d);

/*
 * CANCEL or RESUME SUBCHANNEL (VFIO_CCW_FUNC_*) through the function region. *@cc is the condition
 * code, VFIO_CCW_NO_CC if the instruction was not issued.
 */
int vfio_function(struct vfio_dev *d, uint32_t function, uint32_t *cc);

/* Descriptor that becomes readable when the driver has an IRB for us. */
int vfio_eventfd(const struct vfio_dev *d);

/* What the device says of itself; for --info. */
struct vfio_describe {
	uint32_t flags, num_regions, num_irqs;
	struct {
		uint64_t size, offset;
		uint32_t flags, index, type, subtype;
	} regions[16];
	uint32_t region_count;
	struct {
		uint32_t index, flags, count;
		int rc;
	} irqs[16];
	uint32_t irq_count;
};
int vfio_describe(struct vfio_dev *d, struct vfio_describe *out, struct ccwio_error *err);

#endif
