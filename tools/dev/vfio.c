// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/vfio.h>
#include <linux/vfio_ccw.h>

#include "driver/vfio_ccw_ext.h"
#include "vfio.h"

/* A region description with capabilities needs room; more than this is no driver we know. */
#define MAX_INFO	65536u
#define MAX_REGIONS	64u

struct region {
	uint64_t offset;
	uint64_t size;
	bool there;
};

struct vfio_dev {
	int container;
	int group;
	int device;
	int eventfd;
	struct vfio_device_info info;
	struct region regions[REGION_COUNT];
};

static const struct {
	uint32_t subtype;
	size_t size;
} region_kinds[REGION_COUNT] = {
	[REGION_IO] = { 0, sizeof(struct ccw_io_region) },
	[REGION_CMD] = { VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD,
			 sizeof(struct ccw_cmd_region) },
	[REGION_SCHIB] = { VFIO_REGION_SUBTYPE_CCW_SCHIB,
			   sizeof(struct ccw_schib_region) },
	[REGION_CRW] = { VFIO_REGION_SUBTYPE_CCW_CRW, sizeof(struct ccw_crw_region) },
	[REGION_FUNC] = { VFIO_REGION_SUBTYPE_CCW_FUNC, sizeof(struct ccw_func_region) },
	[REGION_STATS] = { VFIO_REGION_SUBTYPE_CCW_STATS, sizeof(struct ccw_stats_region) },
};

static int open_container(struct vfio_dev *d, struct ccwio_error *err)
{
	d->container = open("/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (d->container < 0)
		return ccwio_fail(err, -errno, "cannot open /dev/vfio/vfio: %s%s", strerror(errno),
				  errno == ENOENT ? " (modprobe vfio vfio_iommu_type1)" :
				  errno == EACCES ? " (run as root)" : "");
	if (ioctl(d->container, VFIO_GET_API_VERSION) != VFIO_API_VERSION)
		return ccwio_fail(err, -ENOTSUP,
				  "/dev/vfio/vfio speaks another VFIO version than %d",
				  VFIO_API_VERSION);
	if (ioctl(d->container, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) <= 0)
		return ccwio_fail(err, -ENOTSUP, "VFIO has no type 1 IOMMU backend: modprobe "
				  "vfio_iommu_type1");
	return 0;
}

static int open_group(struct vfio_dev *d, const struct mdev *m, struct ccwio_error *err)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	char path[64];

	snprintf(path, sizeof(path), "/dev/vfio/%d", m->group);
	d->group = open(path, O_RDWR | O_CLOEXEC);
	if (d->group < 0)
		return ccwio_fail(err, -errno, "%s: cannot open %s: %s%s", m->subchannel, path,
				  strerror(errno), errno == EBUSY ?
				  " (another process has the device)" :
				  errno == EACCES ? " (run as root, or own that file)" : "");
	if (ioctl(d->group, VFIO_GROUP_GET_STATUS, &status))
		return ccwio_fail(err, -errno, "%s: VFIO_GROUP_GET_STATUS: %s", m->subchannel,
				  strerror(errno));
	if (!(status.flags & VFIO_GROUP_FLAGS_VIABLE))
		return ccwio_fail(err, -EBUSY, "%s: IOMMU group %d is not viable: not all of its "
				  "devices are bound to VFIO", m->subchannel, m->group);
	if (ioctl(d->group, VFIO_GROUP_SET_CONTAINER, &d->container))
		return ccwio_fail(err, -errno, "%s: VFIO_GROUP_SET_CONTAINER: %s", m->subchannel,
				  strerror(errno));
	if (ioctl(d->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return ccwio_fail(err, -errno, "%s: VFIO_SET_IOMMU: %s", m->subchannel,
				  strerror(errno));
	return 0;
}

/* Type and subtype from the capability chain; every offset in it comes from the driver. */
static void read_type_cap(const struct vfio_region_info *info, uint32_t len, uint32_t *type,
			  uint32_t *subtype)
{
	uint32_t off = info->cap_offset;

	*type = *subtype = 0;
	if (!(info->flags & VFIO_REGION_INFO_FLAG_CAPS))
		return;
	/* at most one header per 8 bytes: a chain in a circle ends */
	for (uint32_t hops = 0; off && hops < len / 8; hops++) {
		struct vfio_info_cap_header h;
		struct vfio_region_info_cap_type cap;

		if (off > len || sizeof(h) > len - off)
			return;
		memcpy(&h, (const char *)info + off, sizeof(h));
		if (h.id == VFIO_REGION_INFO_CAP_TYPE && sizeof(cap) <= len - off) {
			memcpy(&cap, (const char *)info + off, sizeof(cap));
			*type = cap.type;
			*subtype = cap.subtype;
			return;
		}
		off = h.next;
	}
}

static struct vfio_region_info *region_info(struct vfio_dev *d, uint32_t index, int *rc)
{
	uint32_t size = sizeof(struct vfio_region_info);
	struct vfio_region_info *info = calloc(1, size), *grown;

	*rc = -ENOMEM;
	if (!info)
		return NULL;
	for (int pass = 0; pass < 2; pass++) {
		memset(info, 0, size);
		info->argsz = size;
		info->index = index;
		if (ioctl(d->device, VFIO_DEVICE_GET_REGION_INFO, info)) {
			*rc = -errno;
			free(info);
			return NULL;
		}
		if (info->argsz <= size || pass == 1)
			break;
		size = info->argsz > MAX_INFO ? MAX_INFO : info->argsz;
		grown = realloc(info, size);
		if (!grown) {
			free(info);
			return NULL;
		}
		info = grown;
	}
	if (info->argsz < size)
		size = info->argsz;
	info->argsz = size;	/* the bytes that are valid */
	*rc = 0;
	return info;
}

static int find_regions(struct vfio_dev *d, const char *who, struct ccwio_error *err)
{
	uint32_t count = d->info.num_regions > MAX_REGIONS ? MAX_REGIONS : d->info.num_regions;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t type, subtype;
		enum vfio_region kind;
		struct vfio_region_info *info;
		int rc;

		info = region_info(d, i, &rc);
		if (!info)
			return ccwio_fail(err, rc, "%s: VFIO_DEVICE_GET_REGION_INFO %u: %s", who, i,
					  strerror(-rc));
		read_type_cap(info, info->argsz, &type, &subtype);
		kind = i == VFIO_CCW_CONFIG_REGION_INDEX ? REGION_IO : REGION_COUNT;
		for (int k = REGION_CMD; i >= VFIO_CCW_NUM_REGIONS && k < REGION_COUNT; k++) {
			if (type == VFIO_REGION_TYPE_CCW && subtype == region_kinds[k].subtype)
				kind = k;
		}
		if (kind != REGION_COUNT) {
			d->regions[kind].offset = info->offset;
			d->regions[kind].size = info->size;
			d->regions[kind].there = info->size >= region_kinds[kind].size;
		}
		free(info);
	}
	if (!d->regions[REGION_IO].there)
		return ccwio_fail(err, -ENOTSUP, "%s: the device has no I/O region of %zu bytes or "
				  "more (it has %llu)", who, sizeof(struct ccw_io_region),
				  (unsigned long long)d->regions[REGION_IO].size);
	return 0;
}

static int set_eventfd(struct vfio_dev *d, const char *who, struct ccwio_error *err)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .index = VFIO_CCW_IO_IRQ_INDEX };
	char buf[sizeof(struct vfio_irq_set) + sizeof(int32_t)];
	struct vfio_irq_set set = {
		.argsz = sizeof(buf),
		.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
		.index = VFIO_CCW_IO_IRQ_INDEX,
		.count = 1,
	};
	int32_t fd;

	if (ioctl(d->device, VFIO_DEVICE_GET_IRQ_INFO, &info))
		return ccwio_fail(err, -errno, "%s: VFIO_DEVICE_GET_IRQ_INFO: %s", who,
				  strerror(errno));
	if (info.count < 1 || !(info.flags & VFIO_IRQ_INFO_EVENTFD))
		return ccwio_fail(err, -ENOTSUP, "%s: the I/O interrupt has no eventfd", who);
	d->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (d->eventfd < 0)
		return ccwio_fail(err, -errno, "eventfd: %s", strerror(errno));
	fd = d->eventfd;
	memcpy(buf, &set, sizeof(set));
	memcpy(buf + sizeof(set), &fd, sizeof(fd));
	if (ioctl(d->device, VFIO_DEVICE_SET_IRQS, buf))
		return ccwio_fail(err, -errno, "%s: VFIO_DEVICE_SET_IRQS: %s", who,
				  strerror(errno));
	return 0;
}

static int open_device(struct vfio_dev *d, const struct mdev *m, struct ccwio_error *err)
{
	int rc;

	d->device = ioctl(d->group, VFIO_GROUP_GET_DEVICE_FD, m->uuid);
	if (d->device < 0)
		return ccwio_fail(err, -errno, "%s: cannot open mediated device %s: %s",
				  m->subchannel, m->uuid, strerror(errno));
	d->info.argsz = sizeof(d->info);
	if (ioctl(d->device, VFIO_DEVICE_GET_INFO, &d->info))
		return ccwio_fail(err, -errno, "%s: VFIO_DEVICE_GET_INFO: %s", m->subchannel,
				  strerror(errno));
	if (!(d->info.flags & VFIO_DEVICE_FLAGS_CCW))
		return ccwio_fail(err, -ENOTSUP, "%s: not a vfio-ccw device", m->subchannel);
	rc = find_regions(d, m->subchannel, err);
	if (rc == 0)
		rc = set_eventfd(d, m->subchannel, err);
	return rc;
}

int vfio_open(const struct mdev *m, struct vfio_dev **out, struct ccwio_error *err)
{
	struct vfio_dev *d = calloc(1, sizeof(*d));
	int rc;

	*out = NULL;
	if (!d)
		return ccwio_fail(err, -ENOMEM, "out of memory");
	d->container = d->group = d->device = d->eventfd = -1;
	rc = open_container(d, err);
	if (rc == 0)
		rc = open_group(d, m, err);
	if (rc == 0)
		rc = open_device(d, m, err);
	if (rc) {
		vfio_close(d);
		return rc;
	}
	*out = d;
	return 0;
}

void vfio_close(struct vfio_dev *d)
{
	if (!d)
		return;
	/* device before group before container: each holds a reference to the next */
	if (d->device >= 0)
		close(d->device);
	if (d->group >= 0)
		close(d->group);
	if (d->container >= 0)
		close(d->container);
	if (d->eventfd >= 0)
		close(d->eventfd);
	free(d);
}

int vfio_map(struct vfio_dev *d, uint64_t base, void *host, uint64_t size, struct ccwio_error *err)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)host,
		.iova = base,
		.size = size,
	};

	if (ioctl(d->container, VFIO_IOMMU_MAP_DMA, &map))
		return ccwio_fail(err, -errno,
				  "cannot map 0x%llx bytes of guest memory at 0x%llx: %s%s",
				  (unsigned long long)size, (unsigned long long)base,
				  strerror(errno), errno == ENOMEM ?
				  " (raise the limit: ulimit -l)" : "");
	return 0;
}

int vfio_write(struct vfio_dev *d, enum vfio_region r, uint32_t offset, const void *buf, size_t len)
{
	ssize_t n;

	if (!d->regions[r].there)
		return -ENXIO;
	n = pwrite(d->device, buf, len, (off_t)(d->regions[r].offset + offset));
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

int vfio_read(struct vfio_dev *d, enum vfio_region r, uint32_t offset, void *buf, size_t len)
{
	ssize_t n;

	if (!d->regions[r].there)
		return -ENXIO;
	n = pread(d->device, buf, len, (off_t)(d->regions[r].offset + offset));
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -EIO;
}

int vfio_halt_clear(struct vfio_dev *d, bool halt)
{
	const struct ccw_cmd_region cmd = {
		.command = halt ? VFIO_CCW_ASYNC_CMD_HSCH : VFIO_CCW_ASYNC_CMD_CSCH,
	};

	return vfio_write(d, REGION_CMD, 0, &cmd, sizeof(cmd));
}

int vfio_function(struct vfio_dev *d, uint32_t function, uint32_t *cc)
{
	struct ccw_func_region func = { .function = function };
	int rc = vfio_write(d, REGION_FUNC, 0, &func, sizeof(func));

	*cc = VFIO_CCW_NO_CC;
	if (rc != -ENXIO && vfio_read(d, REGION_FUNC, 0, &func, sizeof(func)) == 0)
		*cc = func.cc;
	return rc;
}

int vfio_reset(struct vfio_dev *d)
{
	return ioctl(d->device, VFIO_DEVICE_RESET) ? -errno : 0;
}

int vfio_eventfd(const struct vfio_dev *d)
{
	return d->eventfd;
}

int vfio_describe(struct vfio_dev *d, struct vfio_describe *out, struct ccwio_error *err)
{
	memset(out, 0, sizeof(*out));
	out->flags = d->info.flags;
	out->num_regions = d->info.num_regions;
	out->num_irqs = d->info.num_irqs;
	for (uint32_t i = 0; i < d->info.num_regions && i < 16; i++) {
		struct vfio_region_info *info;
		int rc;

		info = region_info(d, i, &rc);
		if (!info)
			return ccwio_fail(err, rc, "VFIO_DEVICE_GET_REGION_INFO %u: %s", i,
					  strerror(-rc));
		out->regions[i].index = i;
		out->regions[i].size = info->size;
		out->regions[i].offset = info->offset;
		out->regions[i].flags = info->flags;
		read_type_cap(info, info->argsz, &out->regions[i].type, &out->regions[i].subtype);
		out->region_count = i + 1;
		free(info);
	}
	for (uint32_t i = 0; i < d->info.num_irqs && i < 16; i++) {
		struct vfio_irq_info info = { .argsz = sizeof(info), .index = i };

		out->irqs[i].rc = ioctl(d->device, VFIO_DEVICE_GET_IRQ_INFO, &info) ? -errno : 0;
		out->irqs[i].index = i;
		out->irqs[i].flags = info.flags;
		out->irqs[i].count = info.count;
		out->irq_count = i + 1;
	}
	return 0;
}
