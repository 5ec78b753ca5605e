// SPDX-License-Identifier: GPL-2.0
/*
 * In the guest: the device by its character device and iommufd, without group and container.
 *
 *   vfio-iommufd UUID
 *
 * Needs a kernel with CONFIG_IOMMUFD and CONFIG_VFIO_DEVICE_CDEV. The order of calls: the kernel's
 * Documentation/driver-api/vfio.rst, "IOMMUFD and vfio_iommu_type1".
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/iommufd.h>

#include "tests/e2e/client.h"
#include "tests/e2e/tap.h"

static struct client c;
static int iommu = -1;

static int result(int rc)
{
	return rc < 0 ? -errno : 0;
}

/* The device's own file, /dev/vfio/devices/vfioN; -1 if it has none. */
static int open_cdev(const char *uuid)
{
	char path[300];
	struct dirent *e;
	int fd = -1;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/mdev/devices/%s/vfio-dev", uuid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		if (strncmp(e->d_name, "vfio", 4))
			continue;
		snprintf(path, sizeof(path), "/dev/vfio/devices/%s", e->d_name);
		fd = open(path, O_RDWR | O_CLOEXEC);
	}
	if (dir)
		closedir(dir);
	return fd;
}

static int map(uint32_t ioas)
{
	struct iommu_ioas_map m = { .size = sizeof(m), .ioas_id = ioas,
		.flags = IOMMU_IOAS_MAP_FIXED_IOVA | IOMMU_IOAS_MAP_READABLE |
			 IOMMU_IOAS_MAP_WRITEABLE,
		.user_va = (uintptr_t)c.mem, .length = MEM_SIZE, .iova = 0 };

	return result(ioctl(iommu, IOMMU_IOAS_MAP, &m));
}

static int unmap(uint32_t ioas, uint64_t iova, uint64_t length)
{
	struct iommu_ioas_unmap u = { .size = sizeof(u), .ioas_id = ioas, .iova = iova,
				      .length = length };

	return result(ioctl(iommu, IOMMU_IOAS_UNMAP, &u));
}

static void works(const char *name)
{
	memset(c.mem + 0x8000, 0, 8);
	client_ccw(&c, 0x1000, 0xe4, SLI, 8, 0x8000);
	is(name, client_start(&c, ORB_PLAIN, 0x1000), 0);
	ok(client_status(&c, PATIENCE) && c.dstat == 0x0c && !c.cstat, "  its status");
	is("  with the guest's CCW address", c.cpa, 0x1008);
	is("  and its data", c.mem[0x8000], 0xff);
}

/* A program that is suspended, with pages pinned, while its memory is taken away. */
static void unmapped_under(uint32_t ioas)
{
	client_ccw(&c, 0x1000, 0x03, CC | SLI, 1, 0x8000);
	client_ccw(&c, 0x1008, 0xe4, SLI | SUSP, 8, 0x8000);
	is("a program suspends itself", client_start(&c, ORB_PLAIN | ORB_SUSPEND, 0x1000), 0);
	is("its memory is unmapped", unmap(ioas, 0, MEM_SIZE), 0);
	/* qemu tells of no suspension, and CANCEL finds the program in time. */
	ok(!client_status(&c, 300), "  which cancels it: no status");
	is("  the next one is not busy, but finds no memory",
	   client_start(&c, ORB_PLAIN, 0x1000), -EINVAL);
	is("memory again", map(ioas), 0);
	works("SENSE ID");
}

int main(int argc, char **argv)
{
	struct iommu_ioas_alloc ioas = { .size = sizeof(ioas) };
	struct vfio_device_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct vfio_device_attach_iommufd_pt attach = { .argsz = sizeof(attach) };
	struct vfio_device_detach_iommufd_pt detach = { .argsz = sizeof(detach) };
	struct client group;

	if (argc != 2) {
		fprintf(stderr, "usage: vfio-iommufd UUID\n");
		return 2;
	}
	client_init(&c);
	iommu = open("/dev/iommu", O_RDWR | O_CLOEXEC);
	if (!ok(iommu >= 0, "/dev/iommu"))
		return tap_finish();
	is("an address space", result(ioctl(iommu, IOMMU_IOAS_ALLOC, &ioas)), 0);
	is("guest memory", client_memory(&c), 0);
	is("  is mapped", map(ioas.out_ioas_id), 0);

	c.device = open_cdev(argv[1]);
	if (!ok(c.device >= 0, "the device's own file"))
		return tap_finish();
	ok(client_setup(&c) < 0, "nothing works before it is bound");
	bind.iommufd = iommu;
	is("bound to the iommufd", result(ioctl(c.device, VFIO_DEVICE_BIND_IOMMUFD, &bind)), 0);
	attach.pt_id = ioas.out_ioas_id;
	is("attached to the address space",
	   result(ioctl(c.device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach)), 0);
	is("regions and eventfds", client_setup(&c), 0);
	ok(client_open(&group, argv[1]) < 0, "nobody else gets it through its group");

	works("SENSE ID");
	works("again, on pages that were kept");
	unmapped_under(ioas.out_ioas_id);
	is("detached", result(ioctl(c.device, VFIO_DEVICE_DETACH_IOMMUFD_PT, &detach)), 0);
	is("  then there is no memory", client_start(&c, ORB_PLAIN, 0x1000), -EINVAL);
	is("attached again", result(ioctl(c.device, VFIO_DEVICE_ATTACH_IOMMUFD_PT, &attach)), 0);
	works("SENSE ID");
	is("VFIO_DEVICE_RESET", client_reset(&c), 0);
	works("SENSE ID");
	client_close(&c);
	is("unmapped when nobody has it", unmap(ioas.out_ioas_id, 0, MEM_SIZE), 0);
	close(iommu);
	is("closed: it can be had through its group again", client_open(&group, argv[1]), 0);
	client_close(&group);
	return tap_finish();
}
