// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation and every copy from or to user space fails once: an operation runs again and
 * again, with its first, second, third ... possible failure injected (/proc/thread-self/fail-nth),
 * until it runs through without one. A failed operation says so with an errno that fits, and what
 * follows it works. Runs in the guest, on a kernel with fault injection.
 *
 * Not the loading of a module: the kernel's own part of that warns of events it cannot register.
 *
 *     vfio-faults UUID SUBCHANNEL [OPERATION]
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/e2e/client.h"
#include "tests/e2e/tap.h"

#define CSS "/sys/bus/css"
#define NTH_MOST 20000U

static struct client c;
static const char *uuid, *subchannel, *only;
static int nth_fd;

/* The nth possible failure of this thread from now on happens; 0: none does. */
static void fail_nth(unsigned int n)
{
	char s[16];
	int len = snprintf(s, sizeof(s), "%u", n);

	/* Writing, too, may be what fails: then no failure is left, and once more does it. */
	if (pwrite(nth_fd, s, (size_t)len, 0) != len &&
	    pwrite(nth_fd, s, (size_t)len, 0) != len) {
		perror("fail-nth");
		exit(1);
	}
}

/* Whether it has happened. Reading is one more possible failure, which tells as much. */
static bool has_failed(void)
{
	char s[16] = "";
	bool failed = pread(nth_fd, s, sizeof(s) - 1, 0) > 0 && atoi(s) == 0;

	fail_nth(0);
	return failed;
}

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), rc = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

/* Put what a path has to be told beforehand: only the kernel's part is to fail. */
static int put_sub(const char *format, const char *text)
{
	char path[200];

	snprintf(path, sizeof(path), format, subchannel);
	return put(path, text);
}

static bool works(void)
{
	client_reset(&c);
	client_event(&c, VFIO_CCW_IO_IRQ_INDEX, 0);
	client_ccw(&c, 0x8000, 0xe4, SLI, 7, 0x9000);
	memset(c.mem + 0x9000, 0, 8);
	return client_start(&c, ORB_PLAIN, 0x8000) == 0 && client_status(&c, 20000) &&
	       c.dstat == 0x0c && c.mem[0x9000] == 0xff;
}

/* --- operations: 0 or a negative errno --- */

static int nothing(void)
{
	return 0;
}

static int do_open(void)
{
	return client_open(&c, uuid);
}

static int do_close(void)
{
	client_close(&c);
	return 0;
}

static int reopen(void)
{
	do_close();
	return do_open();
}

/* Segments, chained data, IDAWs, a page each: all that a translation allocates. */
static void lay_program(void)
{
	uint32_t at = 0x10000, idaws = 0x20000, i;

	for (i = 0; i < 12; i++, at += 8) {
		if (i % 4 == 3) {
			client_tic(&c, at, at + 0x1000);
			at += 0x1000 - 8;
			continue;
		}
		client_ccw(&c, at, 0x03, CC | SLI, 1, 0x3000);
	}
	for (i = 0; i < 4; i++) {
		uint32_t word = htobe32(0x40000 + i * 4096);

		memcpy(c.mem + idaws + i * 4, &word, 4);
	}
	client_ccw(&c, at, 0xe4, SLI | IDA, 7, idaws);
}

static int do_start(void)
{
	/* 4K IDAWs of format 1 are 2K ones: 31 bits, 2 KiB each */
	return client_start(&c, ORB_PLAIN, 0x10000);
}

static int ready_to_start(void)
{
	int rc = reopen();

	if (!rc)
		lay_program();
	return rc;
}

static int do_set_irqs(void)
{
	struct {
		struct vfio_irq_set set;
		int32_t fd;
	} s = { .set = { .argsz = sizeof(s), .count = 1,
			 .flags = VFIO_IRQ_SET_ACTION_TRIGGER | VFIO_IRQ_SET_DATA_EVENTFD } };

	s.fd = c.event[VFIO_CCW_IO_IRQ_INDEX];
	return ioctl(c.device, VFIO_DEVICE_SET_IRQS, &s.set) ? -errno : 0;
}

static int do_region_info(void)
{
	union {
		struct vfio_region_info info;
		uint8_t room[256];
	} u = { .info = { .argsz = sizeof(u), .index = 1 } };

	return ioctl(c.device, VFIO_DEVICE_GET_REGION_INFO, &u.info) ? -errno : 0;
}

static int do_stats(void)
{
	struct ccw_stats_region s;

	return client_stats(&c, &s);
}

static int do_halt(void)
{
	return client_command(&c, VFIO_CCW_ASYNC_CMD_HSCH);
}

static int do_reset(void)
{
	return client_reset(&c);
}

static int do_unmap(void)
{
	return client_unmap(&c, 0, MEM_SIZE);
}

static int do_map(void)
{
	return client_map(&c, c.mem, 0, MEM_SIZE);
}

static int mdev_create(void)
{
	return put_sub(CSS "/devices/%s/mdev_supported_types/vfio_ccw-io/create", uuid);
}

static int mdev_remove(void)
{
	char path[200];

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/remove", uuid);
	return put(path, "1");
}

static int bind(void)
{
	return put(CSS "/drivers/vfio_ccw/bind", subchannel);
}

static int unbind(void)
{
	return put(CSS "/drivers/vfio_ccw/unbind", subchannel);
}

/* What is there to undo may not be there. */
static int close_if(void)
{
	if (c.mem)
		client_close(&c);
	return 0;
}

static int all_back(void)
{
	int rc = do_open();

	if (rc)
		return rc;
	rc = works() ? 0 : -EPROTO;
	client_close(&c);
	return rc;
}

static int unmap_map(void)
{
	do_unmap();
	return do_map();
}

/* device_add() does not tell that devtmpfs had no memory for the node. */
static bool node_missing(void)
{
	char path[200], link[200];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/iommu_group", uuid);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return false;
	link[n] = 0;
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(link, '/') + 1);
	return access(path, F_OK);
}

static int bind_create(void)
{
	char path[200];
	int rc;

	snprintf(path, sizeof(path), CSS "/drivers/vfio_ccw/%s", subchannel);
	rc = access(path, F_OK) ? bind() : 0;
	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s", uuid);
	if (!rc && access(path, F_OK))
		rc = mdev_create();
	if (!rc && node_missing()) {
		mdev_remove();
		rc = mdev_create();
	}
	if (rc == -EUSERS) { /* mdev counts a device that it had no memory for, until then */
		unbind();
		rc = bind();
		if (!rc)
			rc = mdev_create();
	}
	return rc ? rc : all_back();
}

static int gone(void)
{
	mdev_remove();
	return unbind();
}

/* before, with no failures: makes the operation possible; after: shows that all works still. */
static const struct operation {
	const char *name;
	int (*before)(void);
	int (*run)(void);
	int (*after)(void);
} operations[] = {
	{ "open", close_if, do_open, reopen },
	{ "close", reopen, do_close, do_open },
	{ "a first request", ready_to_start, do_start, nothing },
	{ "a request once more", nothing, do_start, nothing },
	{ "SET_IRQS", nothing, do_set_irqs, do_set_irqs },
	{ "region info", nothing, do_region_info, nothing },
	{ "statistics", nothing, do_stats, nothing },
	{ "HALT", nothing, do_halt, nothing },
	{ "reset", nothing, do_reset, nothing },
	{ "DMA map", do_unmap, do_map, unmap_map },
	{ "DMA unmap", do_map, do_unmap, unmap_map },
};

static const struct operation on_system[] = {
	{ "mdev create", mdev_remove, mdev_create, bind_create },
	{ "mdev remove", nothing, mdev_remove, bind_create },
	{ "bind", gone, bind, bind_create },
	{ "unbind", mdev_remove, unbind, bind_create },
};

static bool fits(int rc)
{
	/* The contract has -EIO for a translation without memory, -EINVAL for CCWs out of reach. */
	return rc == 0 || rc == -ENOMEM || rc == -EFAULT || rc == -EIO || rc == -EINVAL;
}

/* Fails every way there is; device: the client has it open, and does an I/O each time. */
static void every_failure(const struct operation *o, bool device)
{
	unsigned int n, failed = 0, odd = 0, broken = 0;
	bool injected = true;
	char name[80];
	int rc = 0;

	if (only && strcmp(only, o->name))
		return;
	for (n = 1; n < NTH_MOST && injected; n++) {
		o->before();
		fail_nth(n);
		rc = o->run();
		injected = has_failed();
		failed += injected && rc;
		if (!fits(rc) && odd++ < 5)
			printf("# %s, failure %u: %s\n", o->name, n, strerror(-rc));
		rc = o->after();
		if ((rc || (device && !works())) && broken++ < 5)
			printf("# %s, after failure %u: %s\n", o->name, n,
			       rc ? strerror(-rc) : "no I/O");
	}
	printf("# %s: %u failures, %u of them told\n", o->name, n - 2, failed);
	snprintf(name, sizeof(name), "%s: ends without a failure left", o->name);
	ok(!injected, name);
	snprintf(name, sizeof(name), "%s: an errno that fits", o->name);
	is(name, odd, 0);
	snprintf(name, sizeof(name), "%s: all works afterwards", o->name);
	is(name, broken, 0);
}

int main(int argc, char **argv)
{
	unsigned int i;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: vfio-faults UUID SUBCHANNEL [OPERATION]\n");
		return 2;
	}
	uuid = argv[1];
	subchannel = argv[2];
	only = argv[3];
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0) {
		perror("/proc/thread-self/fail-nth");
		return 1;
	}
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		every_failure(&operations[i], true);
	is("no page stays pinned", client_pinned(), 0);
	close_if();
	for (i = 0; i < sizeof(on_system) / sizeof(on_system[0]); i++)
		every_failure(&on_system[i], false);
	return tap_finish();
}
