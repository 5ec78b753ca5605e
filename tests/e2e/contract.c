// SPDX-License-Identifier: GPL-2.0
/*
 * The contract of vfio-ccw, held against the driver call by call: ioctls, sizes, capabilities,
 * return codes, status. Runs in the guest on one mediated device; speaks TAP.
 *
 *     vfio-contract UUID
 *
 * Raw ioctls on purpose: a helper of ours could share a misunderstanding with the driver.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <linux/vfio_ccw.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUEST_SIZE 0x100000U /* guest memory 0 .. 1 MiB - 1 */

#define FMT1_PFCH 0x00c0ff00U /* ORB word 1: format-1 CCWs, prefetch, all paths */
#define SCSW_START 0x00004000U

enum { CC = 0x40, SLI = 0x20, DC = 0x80, SKIP = 0x10, IDA = 0x04 };
enum { DE_CE = 0x0c, UC = 0x02, PGMCHK = 0x20 };

static unsigned int tests, failures;
static int container, device, io_event;
static uint8_t *guest;

__attribute__((format(printf, 2, 3))) static bool check(bool good, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %u - ", good ? "" : "not ", ++tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	failures += !good;
	return good;
}

/* What a call gave: 0 or more, or the negative errno. */
static long got(long rc)
{
	return rc < 0 ? -errno : rc;
}

static void is(const char *what, long have, long want)
{
	if (!check(have == want, "%s", what))
		printf("# got %ld (0x%lx), wanted %ld (0x%lx)\n", have, have, want, want);
}

static void bail(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(255);
}

static void open_device(const char *uuid)
{
	struct vfio_iommu_type1_dma_map map = { .argsz = sizeof(map), .iova = 0, .size = GUEST_SIZE,
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE };
	const char *path_of_container = getenv("VFIO_CONTAINER"); /* /dev/iommu: see client.h */
	char path[128], link[128];
	int group;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		bail(path);
	link[n] = 0;
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(link, '/') + 1);
	container = open(path_of_container ? path_of_container : "/dev/vfio/vfio",
			 O_RDWR | O_CLOEXEC);
	group = open(path, O_RDWR | O_CLOEXEC);
	if (container < 0 || group < 0 || ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU))
		bail(path);
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, uuid);
	if (device < 0)
		bail("VFIO_GROUP_GET_DEVICE_FD");
	guest = mmap(NULL, GUEST_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	map.vaddr = (uintptr_t)guest;
	if (guest == MAP_FAILED || ioctl(container, VFIO_IOMMU_MAP_DMA, &map))
		bail("VFIO_IOMMU_MAP_DMA");
}

static void test_info(void)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	is("GET_INFO", got(ioctl(device, VFIO_DEVICE_GET_INFO, &info)), 0);
	is("  says CCW and RESET",
	   info.flags & (VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI),
	   VFIO_DEVICE_FLAGS_CCW | VFIO_DEVICE_FLAGS_RESET);
	is("  has the irq indexes of the contract", info.num_irqs, VFIO_CCW_NUM_IRQS);
	check(info.num_regions > VFIO_CCW_NUM_REGIONS, "  has regions beyond the I/O region");
	info.argsz = 4;
	is("  too small an argsz", got(ioctl(device, VFIO_DEVICE_GET_INFO, &info)), -EINVAL);
	is("an unknown ioctl", got(ioctl(device, _IO(VFIO_TYPE, VFIO_BASE + 99))), -ENOTTY);
}

/* File offset of the region with this capability, -1 if there is none. */
static off_t find_region(uint32_t subtype, uint64_t *size, uint32_t *flags)
{
	struct vfio_device_info dev = { .argsz = sizeof(dev) };
	union {
		struct vfio_region_info info;
		uint8_t room[256];
	} u;
	uint32_t i;

	ioctl(device, VFIO_DEVICE_GET_INFO, &dev);
	for (i = 0; i < dev.num_regions; i++) {
		struct vfio_region_info_cap_type *cap;

		memset(&u, 0, sizeof(u));
		u.info.argsz = sizeof(u);
		u.info.index = i;
		if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &u.info))
			return -1;
		*size = u.info.size;
		*flags = u.info.flags;
		if (!(u.info.flags & VFIO_REGION_INFO_FLAG_CAPS)) {
			if (!subtype)
				return u.info.offset;
			continue;
		}
		cap = (struct vfio_region_info_cap_type *)(u.room + u.info.cap_offset);
		if (cap->header.id == VFIO_REGION_INFO_CAP_TYPE &&
		    cap->type == VFIO_REGION_TYPE_CCW && cap->subtype == subtype)
			return u.info.offset;
	}
	return -1;
}

#define RW (VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE)

static off_t io_at, cmd_at, schib_at;

static void test_regions(void)
{
	struct vfio_region_info info = { .argsz = sizeof(info) };
	uint64_t size = 0;
	uint32_t flags = 0;

	io_at = find_region(0, &size, &flags);
	check(io_at >= 0 && size == sizeof(struct ccw_io_region) && flags == RW,
	      "the I/O region comes without capability, 124 bytes, read and write");
	cmd_at = find_region(VFIO_REGION_SUBTYPE_CCW_ASYNC_CMD, &size, &flags);
	check(cmd_at >= 0 && size == sizeof(struct ccw_cmd_region) && (flags & RW) == RW,
	      "the command region is found by its capability");
	schib_at = find_region(VFIO_REGION_SUBTYPE_CCW_SCHIB, &size, &flags);
	check(schib_at >= 0 && size == sizeof(struct ccw_schib_region) &&
	      (flags & RW) == VFIO_REGION_INFO_FLAG_READ,
	      "the schib region is found by its capability, read only");
	info.index = 1;
	is("GET_REGION_INFO without room for capabilities",
	   got(ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info)), 0);
	check(info.argsz > sizeof(info) && !info.cap_offset, "  says how much room they need");
	info.argsz = sizeof(info);
	info.index = 100;
	is("a region that is none", got(ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &info)),
	   -EINVAL);
	is("a read behind the regions", got(pread(device, &size, 4, 1LL << 40)), -EINVAL);
	is("a read across the end of a region", got(pread(device, &size, 8, io_at + 120)), -EINVAL);
}

static long set_irqs(uint32_t flags, uint32_t index, uint32_t start, uint32_t count,
		     const void *data, size_t len)
{
	union {
		struct vfio_irq_set set;
		uint8_t room[sizeof(struct vfio_irq_set) + 8];
	} u = { .set = { .argsz = sizeof(u.set) + len, .flags = flags, .index = index,
			 .start = start, .count = count } };

	if (data)
		memcpy(u.set.data, data, len);
	return got(ioctl(device, VFIO_DEVICE_SET_IRQS, &u.set));
}

static long eventfd_wait(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t n;

	if (poll(&p, 1, ms) != 1)
		return 0;
	return read(fd, &n, sizeof(n)) == sizeof(n) ? (long)n : -1;
}

static void test_irqs(void)
{
	const uint32_t trigger = VFIO_IRQ_SET_ACTION_TRIGGER;
	struct vfio_irq_info info = { .argsz = sizeof(info) };
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), off = -1, bad = 9999;
	uint8_t yes = 1, no = 0;
	uint32_t i;

	for (i = 0; i < VFIO_CCW_NUM_IRQS; i++) {
		info.index = i;
		is("GET_IRQ_INFO", got(ioctl(device, VFIO_DEVICE_GET_IRQ_INFO, &info)), 0);
		check(info.count == 1 && info.flags & VFIO_IRQ_INFO_EVENTFD, "  one eventfd");
		is("  DATA_EVENTFD", set_irqs(trigger | VFIO_IRQ_SET_DATA_EVENTFD, i, 0, 1, &fd, 4),
		   0);
		is("  DATA_NONE", set_irqs(trigger | VFIO_IRQ_SET_DATA_NONE, i, 0, 1, NULL, 0), 0);
		is("  fires", eventfd_wait(fd, 1000), 1);
		is("  DATA_BOOL 1", set_irqs(trigger | VFIO_IRQ_SET_DATA_BOOL, i, 0, 1, &yes, 1),
		   0);
		is("  fires", eventfd_wait(fd, 1000), 1);
		is("  DATA_BOOL 0", set_irqs(trigger | VFIO_IRQ_SET_DATA_BOOL, i, 0, 1, &no, 1), 0);
		is("  does not", eventfd_wait(fd, 0), 0);
		is("  -1 detaches", set_irqs(trigger | VFIO_IRQ_SET_DATA_EVENTFD, i, 0, 1, &off, 4),
		   0);
		set_irqs(trigger | VFIO_IRQ_SET_DATA_NONE, i, 0, 1, NULL, 0);
		is("  nothing fires then", eventfd_wait(fd, 0), 0);
	}
	is("an index that is none", set_irqs(trigger | VFIO_IRQ_SET_DATA_NONE, 99, 0, 1, NULL, 0),
	   -EINVAL);
	is("two interrupts of one", set_irqs(trigger | VFIO_IRQ_SET_DATA_NONE, 0, 0, 2, NULL, 0),
	   -EINVAL);
	is("masking", set_irqs(VFIO_IRQ_SET_ACTION_MASK | VFIO_IRQ_SET_DATA_NONE, 0, 0, 1, NULL, 0),
	   -EINVAL);
	is("a descriptor that is none",
	   set_irqs(trigger | VFIO_IRQ_SET_DATA_EVENTFD, 0, 0, 1, &bad, 4), -EBADF);
	io_event = fd;
	is("the I/O eventfd for what follows",
	   set_irqs(trigger | VFIO_IRQ_SET_DATA_EVENTFD, VFIO_CCW_IO_IRQ_INDEX, 0, 1, &fd, 4), 0);
}

static void put32(uint8_t *p, uint32_t v)
{
	v = htobe32(v);
	memcpy(p, &v, 4);
}

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return be32toh(v);
}

static void ccw1(uint32_t at, uint8_t cmd, uint8_t flags, uint16_t count, uint32_t cda)
{
	put32(guest + at, (uint32_t)cmd << 24 | (uint32_t)flags << 16 | count);
	put32(guest + at + 4, cda);
}

/* Writes a request of len bytes; what the write gave, *code is ret_code as read back. */
static long start_len(uint32_t word1, uint32_t cpa, uint32_t scsw, size_t len, int32_t *code)
{
	struct ccw_io_region io;
	long rc;

	memset(&io, 0, sizeof(io));
	put32(io.orb_area, 0x12345678);
	put32(io.orb_area + 4, word1);
	put32(io.orb_area + 8, cpa);
	put32(io.scsw_area, scsw);
	rc = got(pwrite(device, &io, len, io_at));
	if (code && pread(device, code, 4, io_at + offsetof(struct ccw_io_region, ret_code)) != 4)
		*code = 1;
	return rc;
}

static long start(uint32_t word1, uint32_t cpa, uint32_t scsw, int32_t *code)
{
	return start_len(word1, cpa, scsw, sizeof(struct ccw_io_region), code);
}

static bool status(struct ccw_io_region *io)
{
	if (eventfd_wait(io_event, 5000) < 1)
		return false;
	return pread(device, io, sizeof(*io), io_at) == sizeof(*io);
}

static void refused(const char *what, uint32_t word1, uint32_t cpa, uint32_t scsw, int want)
{
	int32_t code = 0;

	is(what, start(word1, cpa, scsw, &code), want);
	is("  ret_code agrees", code, want);
	is("  no interrupt", eventfd_wait(io_event, 0), 0);
}

static void test_refusals(void)
{
	uint32_t i;

	ccw1(0x1000, 0x03, SLI, 1, 0);
	is("a write of less than ORB and SCSW", start_len(FMT1_PFCH, 0x1000, SCSW_START, 23, NULL),
	   -EINVAL);
	is("  starts nothing", eventfd_wait(io_event, 0), 0);
	is("a write larger than the region", got(pwrite(device, guest, 125, io_at)), -EINVAL);
	is("a write into the middle", got(pwrite(device, guest, 4, io_at + 4)), -EINVAL);
	refused("no function in the SCSW", FMT1_PFCH, 0x1000, 0, -EOPNOTSUPP);
	refused("halt function in the SCSW", FMT1_PFCH, 0x1000, 0x2000, -EOPNOTSUPP);
	refused("clear function in the SCSW", FMT1_PFCH, 0x1000, 0x1000, -EOPNOTSUPP);
	refused("start and halt in the SCSW", FMT1_PFCH, 0x1000, 0x6000, -EOPNOTSUPP);
	refused("transport mode", FMT1_PFCH | 0x00040000, 0x1000, SCSW_START, -EOPNOTSUPP);
	refused("a misaligned CCW address", FMT1_PFCH, 0x1004, SCSW_START, -EINVAL);
	refused("a CCW address of 32 bits", FMT1_PFCH, 0x80001000, SCSW_START, -EINVAL);
	refused("a CCW address of 25 bits, format 0", 0x0040ff00, 0x01001000, SCSW_START, -EINVAL);
	refused("a CCW address that is not mapped", FMT1_PFCH, GUEST_SIZE, SCSW_START, -EINVAL);
	for (i = 0; i < 256; i++)
		ccw1(0x1000 + i * 8, 0x03, CC | SLI, 1, 0);
	ccw1(0x1000 + i * 8, 0x03, SLI, 1, 0);
	refused("257 CCWs in a row", FMT1_PFCH, 0x1000, SCSW_START, -EINVAL);
}

static void ends(const char *what, uint32_t cpa, uint8_t dstat, uint8_t cstat, uint32_t where)
{
	struct ccw_io_region io;
	int32_t code = 1;

	is(what, start(FMT1_PFCH, cpa, SCSW_START, &code), sizeof(io));
	is("  ret_code", code, 0);
	if (!check(status(&io), "  status comes"))
		return;
	is("  device status", io.irb_area[8], dstat);
	is("  subchannel status", io.irb_area[9], cstat);
	is("  CCW address is the guest's", get32(io.irb_area + 4), where);
}

static void test_programs(void)
{
	struct ccw_io_region io, again;
	uint32_t i;

	for (i = 0; i < 255; i++)
		ccw1(0x1000 + i * 8, 0x03, CC | SLI, 1, 0);
	ccw1(0x1000 + i * 8, 0x03, SLI, 1, 0);
	ends("256 CCWs in a row", 0x1000, DE_CE, 0, 0x1800);

	memset(guest + 0x2000, 0xee, 256);
	ccw1(0x1000, 0xe4, SLI, 7, 0x2000);
	ends("SENSE ID", 0x1000, DE_CE, 0, 0x1008);
	is("  it is there", guest[0x2000], 0xff);
	check(guest[0x2001] == 0x38 && guest[0x2002] == 0x32, "  a virtio control unit");
	is("  and nothing behind it", guest[0x2007], 0xee);

	put32(guest + 0x3000, 0x2800); /* IDAL of format 1, not prefetch-dependent */
	ccw1(0x1000, 0xe4, SLI | IDA, 7, 0x3000);
	memset(guest + 0x2800, 0xee, 16);
	ends("SENSE ID through a format-1 IDAL", 0x1000, DE_CE, 0, 0x1008);
	is("  it is there", guest[0x2800], 0xff);

	ccw1(GUEST_SIZE - 8, 0xe4, SLI, 7, 0x2000);
	ends("a program in the last bytes of the mapping", GUEST_SIZE - 8, DE_CE, 0, GUEST_SIZE);

	ccw1(0x1000, 0x03, CC | SLI, 1, 0);
	ccw1(0x1008, 0x08, 0, 0, 0x4000);
	ccw1(0x4000, 0xe4, SLI, 7, 0x2000);
	ends("TIC", 0x1000, DE_CE, 0, 0x4008);

	ccw1(0x1008, 0xe4, SLI, 7, 0x40000000);
	ends("data that is not mapped is a program check at its CCW", 0x1000, 0, PGMCHK, 0x1010);
	ccw1(0x1008, 0x08, 0, 0, 0x40000000);
	is("a TIC to nowhere starts", start(FMT1_PFCH, 0x1000, SCSW_START, NULL), sizeof(io));
	check(status(&io) && io.irb_area[9] == PGMCHK, "  and is a program check");

	ccw1(0x1000, 0xff, SLI, 1, 0x2000);
	is("an invalid command starts", start(FMT1_PFCH, 0x1000, SCSW_START, NULL), sizeof(io));
	check(status(&io) && (io.irb_area[8] & UC), "  and is a unit check");
	is("the status can be read again", pread(device, &again, sizeof(again), io_at),
	   sizeof(again));
	is("  it is the same", memcmp(&io, &again, sizeof(io)), 0);
}

/* A guest page that gets another host page, as with a balloon: no I/O may go to the old one. */
static void test_changed_pages(void)
{
	unsigned int i, stale = 0;

	ccw1(0x1000, 0xe4, SLI, 7, 0x2000);
	ends("SENSE ID again", 0x1000, DE_CE, 0, 0x1008);
	for (i = 0; i < 100; i++) {
		struct ccw_io_region io;

		if (madvise(guest + 0x2000, 0x1000, MADV_DONTNEED))
			bail("madvise");
		if (start(FMT1_PFCH, 0x1000, SCSW_START, NULL) < 0 || !status(&io))
			bail("SENSE ID");
		stale += guest[0x2000] != 0xff;
	}
	is("  every time into the page that is there now", stale, 0);
}

static long command(uint32_t cmd, int32_t *code)
{
	struct ccw_cmd_region region = { .command = cmd };
	long rc = got(pwrite(device, &region, sizeof(region), cmd_at));

	if (pread(device, &region, sizeof(region), cmd_at) != sizeof(region))
		bail("read of the command region");
	*code = region.ret_code;
	return rc;
}

static void test_commands(void)
{
	struct ccw_schib_region schib;
	struct ccw_io_region io;
	int32_t code;

	is("HALT on an idle subchannel", command(VFIO_CCW_ASYNC_CMD_HSCH, &code), 8);
	is("  ret_code", code, 0);
	check(status(&io) && io.irb_area[2] & 0x20, "  its interrupt comes");
	is("CLEAR", command(VFIO_CCW_ASYNC_CMD_CSCH, &code), 8);
	check(status(&io) && io.irb_area[2] & 0x10, "  its interrupt comes");
	ccw1(0x1000, 0xe4, SLI, 7, 0x2000);
	is("CLEAR behind an I/O whose status nobody fetched",
	   start(FMT1_PFCH, 0x1000, SCSW_START, NULL) > 0 &&
		   command(VFIO_CCW_ASYNC_CMD_CSCH, &code) == 8 && status(&io),
	   true);
	is("  its status is the first that is seen", io.irb_area[2] & 0x70, 0x10);
	is("another command", command(4, &code), -EINVAL);
	is("  ret_code", code, -EINVAL);
	is("no command", command(0, &code), -EINVAL);
	is("the SCHIB", pread(device, &schib, sizeof(schib), schib_at), sizeof(schib));
	is("  interruption parameter is not the host's", get32(schib.schib_area), 0);
	check(schib.schib_area[5] & 0x01, "  device number valid");
	check(schib.schib_area[4 + 1] & 0x80, "  enabled");
	is("the SCHIB cannot be written", got(pwrite(device, &schib, sizeof(schib), schib_at)),
	   -EINVAL);
	is("RESET", got(ioctl(device, VFIO_DEVICE_RESET)), 0);
	is("  leaves no status", eventfd_wait(io_event, 0), 0);
}

static void test_unmap(void)
{
	struct vfio_iommu_type1_dma_unmap unmap = { .argsz = sizeof(unmap), .size = GUEST_SIZE };
	struct ccw_io_region io;

	ccw1(0x1000, 0xe4, SLI, 7, 0x2000);
	is("an I/O whose status is not fetched", start(FMT1_PFCH, 0x1000, SCSW_START, NULL),
	   sizeof(io));
	is("  DMA unmap of its pages", got(ioctl(container, VFIO_IOMMU_UNMAP_DMA, &unmap)), 0);
	is("  all of them", unmap.size, GUEST_SIZE);
	is("no program is there then", start(FMT1_PFCH, 0x1000, SCSW_START, NULL), -EINVAL);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: vfio-contract UUID\n");
		return 2;
	}
	open_device(argv[1]);
	test_info();
	test_regions();
	test_irqs();
	test_refusals();
	test_programs();
	test_changed_pages();
	test_commands();
	test_unmap();
	printf("1..%u\n", tests);
	return failures ? 1 : 0;
}
