// SPDX-License-Identifier: GPL-2.0
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/e2e/client.h"

static int result(long rc)
{
	return rc < 0 ? -errno : 0;
}

static off_t find_region(struct client *c, uint32_t subtype)
{
	struct vfio_device_info dev = { .argsz = sizeof(dev) };
	union {
		struct vfio_region_info info;
		uint8_t room[256];
	} u;
	struct vfio_region_info_cap_type *cap = (void *)(u.room + sizeof(u.info));
	uint32_t i;

	if (ioctl(c->device, VFIO_DEVICE_GET_INFO, &dev))
		return -1;
	for (i = 0; i < dev.num_regions; i++) {
		memset(&u, 0, sizeof(u));
		u.info.argsz = sizeof(u);
		u.info.index = i;
		if (ioctl(c->device, VFIO_DEVICE_GET_REGION_INFO, &u.info))
			return -1;
		if (u.info.cap_offset ? subtype && cap->subtype == subtype : !subtype)
			return u.info.offset;
	}
	return -1;
}

static int set_events(struct client *c)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd;
	} s = { .set = { .argsz = sizeof(s), .count = 1,
			 .flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD } };
	unsigned int i;

	_Static_assert(offsetof(struct vfio_irq_set, data) == sizeof(s.set), "irq set");
	for (i = 0; i < VFIO_CCW_NUM_IRQS; i++) {
		c->event[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		s.set.index = i;
		s.fd = c->event[i]; /* set.data is here: no padding behind the header */
		if (ioctl(c->device, VFIO_DEVICE_SET_IRQS, &s.set))
			return -errno;
	}
	return 0;
}

int client_memory(struct client *c)
{
	c->mem = mmap(NULL, MEM_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (c->mem != MAP_FAILED)
		return 0;
	c->mem = NULL;
	return -errno;
}

int client_setup(struct client *c)
{
	c->io = find_region(c, 0);
	c->cmd = find_region(c, VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD);
	c->func = find_region(c, VFIO_REGION_SUBTYPE_CCW_FUNC);
	c->stats = find_region(c, VFIO_REGION_SUBTYPE_CCW_STATS);
	c->schib = find_region(c, VFIO_REGION_SUBTYPE_CCW_SCHIB);
	c->crw = find_region(c, VFIO_REGION_SUBTYPE_CCW_CRW);
	return set_events(c);
}

static int open_all(struct client *c, const char *uuid)
{
	const char *container = getenv("VFIO_CONTAINER");
	char path[128], link[128];
	ssize_t n;
	int rc;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return -errno;
	link[n] = 0;
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(link, '/') + 1);
	c->container = open(container ? container : "/dev/vfio/vfio", O_RDWR | O_CLOEXEC);
	if (c->container < 0)
		return -errno;
	c->group = open(path, O_RDWR | O_CLOEXEC);
	if (c->group < 0)
		return -errno;
	if (ioctl(c->group, VFIO_GROUP_SET_CONTAINER, &c->container) ||
	    ioctl(c->container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		return -errno;
	c->device = ioctl(c->group, VFIO_GROUP_GET_DEVICE_FD, uuid);
	if (c->device < 0)
		return -errno;
	rc = client_memory(c);
	if (!rc)
		rc = client_map(c, c->mem, 0, MEM_SIZE);
	return rc ? rc : client_setup(c);
}

void client_init(struct client *c)
{
	memset(c, 0, sizeof(*c));
	c->container = c->group = c->device = -1;
	memset(c->event, 0xff, sizeof(c->event));
}

int client_open(struct client *c, const char *uuid)
{
	int rc;

	client_init(c);
	rc = open_all(c, uuid);
	if (rc)
		client_close(c);
	return rc;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void client_close(struct client *c)
{
	unsigned int i;

	close_fd(&c->device);
	close_fd(&c->group);
	close_fd(&c->container);
	for (i = 0; i < VFIO_CCW_NUM_IRQS; i++)
		close_fd(&c->event[i]);
	if (c->mem)
		munmap(c->mem, MEM_SIZE);
	c->mem = NULL;
}

int client_map(struct client *c, void *host, uint64_t iova, uint64_t size)
{
	struct vfio_iommu_type1_dma_map map = { .argsz = sizeof(map), .iova = iova, .size = size,
		.vaddr = (uintptr_t)host,
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE };

	return result(ioctl(c->container, VFIO_IOMMU_MAP_DMA, &map));
}

int client_unmap(struct client *c, uint64_t iova, uint64_t size)
{
	struct vfio_iommu_type1_dma_unmap unmap = { .argsz = sizeof(unmap), .iova = iova,
						    .size = size };

	return result(ioctl(c->container, VFIO_IOMMU_UNMAP_DMA, &unmap));
}

static void put32(uint8_t *p, uint32_t v)
{
	v = htobe32(v);
	memcpy(p, &v, 4);
}

void client_ccw(struct client *c, uint32_t at, uint8_t cmd, uint8_t flags, uint16_t count,
		uint32_t cda)
{
	put32(c->mem + at, (uint32_t)cmd << 24 | (uint32_t)flags << 16 | count);
	put32(c->mem + at + 4, cda);
}

void client_tic(struct client *c, uint32_t at, uint32_t to)
{
	client_ccw(c, at, 0x08, 0, 0, to);
}

int client_start(struct client *c, uint32_t word1, uint32_t cpa)
{
	struct ccw_io_region io;

	memset(&io, 0, sizeof(io));
	put32(io.orb_area, 0x12345678);
	put32(io.orb_area + 4, word1);
	put32(io.orb_area + 8, cpa);
	put32(io.scsw_area, 0x00004000);
	return result(pwrite(c->device, &io, sizeof(io), c->io));
}

int client_command(struct client *c, uint32_t command)
{
	struct ccw_cmd_region region = { .command = command };

	return result(pwrite(c->device, &region, sizeof(region), c->cmd));
}

int client_function(struct client *c, uint32_t function, uint32_t *cc)
{
	struct ccw_func_region region = { .function = function };
	int rc = result(pwrite(c->device, &region, sizeof(region), c->func));

	if (pread(c->device, &region, sizeof(region), c->func) != sizeof(region))
		return -EPROTO;
	if ((int)region.ret_code != rc)
		return -EPROTO;
	*cc = region.cc;
	return rc;
}

int client_reset(struct client *c)
{
	return result(ioctl(c->device, VFIO_DEVICE_RESET));
}

int client_stats(struct client *c, struct ccw_stats_region *s)
{
	ssize_t n = pread(c->device, s, sizeof(*s), c->stats);

	if (n < 0)
		return -errno;
	return n == sizeof(*s) && s->size == sizeof(*s) ? 0 : -EPROTO;
}

int client_schib(struct client *c, uint8_t schib[52])
{
	ssize_t n = pread(c->device, schib, 52, c->schib);

	if (n < 0)
		return -errno;
	return n == 52 ? 0 : -EPROTO;
}

int client_crw(struct client *c, uint32_t *crw)
{
	ssize_t n = pread(c->device, crw, sizeof(*crw), c->crw);

	if (n < 0)
		return -errno;
	return n == sizeof(*crw) ? 0 : -EPROTO;
}

uint64_t client_event(struct client *c, unsigned int index, int ms)
{
	struct pollfd p = { .fd = c->event[index], .events = POLLIN };
	uint64_t n;

	if (poll(&p, 1, ms) != 1 || read(p.fd, &n, sizeof(n)) != sizeof(n))
		return 0;
	return n;
}

bool client_status(struct client *c, int ms)
{
	const uint8_t *i = c->irb;

	if (!client_event(c, VFIO_CCW_IO_IRQ_INDEX, ms) ||
	    pread(c->device, c->irb, sizeof(c->irb),
		  c->io + offsetof(struct ccw_io_region, irb_area)) != sizeof(c->irb))
		return false;
	c->fctl = i[2] >> 4 & 7;
	c->actl = (uint8_t)((i[2] << 3 | i[3] >> 5) & 0x7f); /* resume pending .. suspended */
	c->stctl = i[3] & 0x1f;
	c->cpa = (uint32_t)i[4] << 24 | (uint32_t)i[5] << 16 | (uint32_t)i[6] << 8 | i[7];
	c->dstat = i[8];
	c->cstat = i[9];
	c->count = (uint16_t)(i[10] << 8 | i[11]);
	return true;
}

long client_pinned(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[128];
	long kib = -1;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmLck: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}
