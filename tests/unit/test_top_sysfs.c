// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "tools/ccwtop/holder.h"
#include "tools/ccwtop/sysfs.h"

#define UUID "00000000-0000-4000-8000-000000000003"

static char root[] = "/tmp/test_top_sysfs.XXXXXX";

static void shell(const char *cmd)
{
	char line[512];

	snprintf(line, sizeof(line), "cd %s && %s", root, cmd);
	assert_int_equal(system(line), 0);
}

static int make_root(void **state)
{
	static int made;

	(void)state;
	if (!made++ && !mkdtemp(root))
		return -1;
	return 0;
}

static int empty_root(void **state)
{
	(void)state;
	shell("rm -rf sys run");
	return 0;
}

static int remove_root(void **state)
{
	(void)state;
	return rmdir(root);
}

static struct top_sysfs *open_root(void)
{
	char sys[64], run[64];

	snprintf(sys, sizeof(sys), "%s/sys", root);
	snprintf(run, sizeof(run), "%s/run", root);
	return top_sysfs_new(sys, run);
}

static void no_driver(void **state)
{
	struct top_sysfs *s = open_root();

	(void)state;
	assert_int_equal(top_sysfs_scan(s), -ENOENT);
	assert_int_equal(top_sysfs_count(s), 0);
	assert_null(top_sysfs_at(s, 0));
	top_sysfs_free(s);
}

static void bound_devices(void **state)
{
	const struct ccw_sch three = { 0, 0, 3 }, four = { 0, 0, 4 };
	struct top_sysfs *s = open_root();
	const struct top_device *d;

	(void)state;
	shell("mkdir -p run sys/bus/css/drivers/vfio_ccw sys/bus/css/devices/0.0.0003/" UUID
	      " sys/bus/css/devices/0.0.0004/mdev_supported_types");
	shell("cd sys/bus/css/drivers/vfio_ccw && "
	      "touch bind unbind uevent module 0.0.0003 0.0.0004");
	shell("echo 0.0.0120 > sys/bus/css/devices/0.0.0003/dev_busid");
	shell("echo none > sys/bus/css/devices/0.0.0004/dev_busid");
	shell("printf 'dev_busid=0.0.0120\\ndevtype=3390/0c\\ncutype=3990/e9\\n' > run/0.0.0003");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_int_equal(top_sysfs_count(s), 2);
	d = top_sysfs_find(s, three);
	assert_non_null(d);
	assert_true(d->bound);
	assert_string_equal(d->devno, "0120");
	assert_string_equal(d->dev, "3390/0c");
	assert_string_equal(d->cu, "3990/e9");
	assert_string_equal(d->mdev, UUID);
	d = top_sysfs_find(s, four);
	assert_non_null(d);
	assert_string_equal(d->devno, "");
	assert_string_equal(d->dev, "");
	assert_string_equal(d->mdev, "");

	/* Given back: known, but not bound. The mdev of another goes away. */
	shell("rm sys/bus/css/drivers/vfio_ccw/0.0.0004");
	shell("rmdir sys/bus/css/devices/0.0.0003/" UUID);
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_int_equal(top_sysfs_count(s), 2);
	assert_false(top_sysfs_find(s, four)->bound);
	assert_true(top_sysfs_find(s, three)->bound);
	assert_string_equal(top_sysfs_find(s, three)->mdev, "");
	top_sysfs_free(s);
}

/* A note of another device, or one made to break a screen. */
static void doubtful_notes(void **state)
{
	const struct ccw_sch three = { 0, 0, 3 };
	struct top_sysfs *s = open_root();

	(void)state;
	shell("mkdir -p run sys/bus/css/drivers/vfio_ccw/0.0.0003 sys/bus/css/devices/0.0.0003");
	shell("echo 0.0.0120 > sys/bus/css/devices/0.0.0003/dev_busid");
	shell("printf 'dev_busid=0.0.0121\\ndevtype=3390/0c\\n' > run/0.0.0003");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_string_equal(top_sysfs_find(s, three)->dev, "");
	shell("printf 'dev_busid=0.0.0120\\nnonsense\\ndevtype=\\033[2J3390/0c/and/more\\n'"
	      " > run/0.0.0003");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_string_equal(top_sysfs_find(s, three)->dev, "?[2J3390/0c");
	/* virtio: a control unit, but no device type */
	shell("printf 'dev_busid=0.0.0120\\ndevtype=n/a\\ncutype=3832/02\\n' > run/0.0.0003");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_string_equal(top_sysfs_find(s, three)->dev, "");
	assert_string_equal(top_sysfs_find(s, three)->cu, "3832/02");
	shell("head -c 100000 /dev/zero > run/0.0.0003");
	assert_int_equal(top_sysfs_scan(s), 0);
	shell("rm run/0.0.0003 && mkdir run/0.0.0003");
	assert_int_equal(top_sysfs_scan(s), 0);
	top_sysfs_free(s);
}

/* A device of the kernel's own: types, paths, and the channel's measurement while it is on. */
static void own_devices(void **state)
{
	const struct ccw_sch five = { 0, 0, 5 };
	struct top_sysfs *s = open_root();
	const struct top_device *d;

	(void)state;
	shell("mkdir -p sys/bus/css/drivers/vfio_ccw sys/bus/css/devices/0.0.0005/0.0.0125/cmf");
	shell("cd sys/bus/css/devices/0.0.0005 && echo 0.0.0125 > dev_busid && "
	      "ln -s ../../../bus/css/drivers/io_subchannel driver && "
	      "echo '30 31 00 00 00 00 00 00' > chpids && echo 'c0 80 ff' > pimpampom && "
	      "echo 3390/0c > 0.0.0125/devtype && echo 3990/e9 > 0.0.0125/cutype");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_null(top_sysfs_find(s, five));
	assert_int_equal(top_sysfs_add(s, five), 0);
	d = top_sysfs_find(s, five);
	assert_non_null(d);
	assert_false(d->bound);
	assert_string_equal(d->driver, "io_subchannel");
	assert_string_equal(d->devno, "0125");
	assert_string_equal(d->dev, "3390/0c");
	assert_string_equal(d->cu, "3990/e9");
	assert_true(d->has_paths);
	assert_int_equal(d->chpid[0], 0x30);
	assert_int_equal(d->chpid[1], 0x31);
	assert_int_equal(d->pim, 0xc0);
	assert_int_equal(d->pam, 0x80);
	assert_int_equal(d->pom, 0xff);
	assert_null(d->cmf);

	/* measured: but nothing yet */
	shell("cd sys/bus/css/devices/0.0.0005/0.0.0125/cmf && echo 0 > sample_count && "
	      "echo 0 > avg_device_connect_time");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_non_null(d->cmf);
	assert_true(d->cmf->device_connect_time == TOP_NOT_MEASURED);
	shell("cd sys/bus/css/devices/0.0.0005/0.0.0125/cmf && echo 7 > sample_count && "
	      "echo 128000 > avg_device_connect_time && echo nonsense > avg_device_busy_time");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_true(d->cmf->samples == 7);
	assert_true(d->cmf->device_connect_time == 128000);
	assert_true(d->cmf->device_busy_time == TOP_NOT_MEASURED);
	assert_true(d->cmf->function_pending_time == TOP_NOT_MEASURED);
	/* and off again */
	shell("rm -r sys/bus/css/devices/0.0.0005/0.0.0125/cmf");
	shell("echo '30 31' > sys/bus/css/devices/0.0.0005/chpids");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_null(d->cmf);
	assert_false(d->has_paths);
	top_sysfs_free(s);
}

/* Many: each scan reads some, in the end all. */
static void many_devices(void **state)
{
	struct top_sysfs *s = open_root();
	size_t i, seen = 0;
	int n;

	(void)state;
	shell("mkdir -p sys/bus/css/drivers/vfio_ccw sys/bus/css/devices && cd sys/bus/css && "
	      "for i in $(seq 1000 1999); do "
	      ": > drivers/vfio_ccw/0.0.$i; mkdir devices/0.0.$i; done");
	assert_int_equal(top_sysfs_scan(s), 0);
	assert_int_equal(top_sysfs_count(s), 1000);
	shell("cd sys/bus/css/devices && for i in *; do echo 0.0.${i#0.0.} > $i/dev_busid; done");
	for (n = 0; n < 100 && seen < 1000; n++) {
		assert_int_equal(top_sysfs_scan(s), 0);
		for (i = seen = 0; i < 1000; i++)
			seen += top_sysfs_at(s, i)->devno[0] != 0;
	}
	assert_int_equal(seen, 1000);
	assert_true(n > 10);
	for (i = 1; i < 1000; i++)
		assert_ptr_equal(top_sysfs_find(s, top_sysfs_at(s, i)->sch), top_sysfs_at(s, i));
	assert_null(top_sysfs_find(s, (struct ccw_sch){ 0, 0, 1 }));
	top_sysfs_free(s);
}

static const struct top_holder *after_round(struct top_holders *h, const char *node)
{
	int n = 0;

	while (!top_holders_step(h))
		assert_true(n++ < 10000);
	return top_holders_find(h, node);
}

/* Who has a group open: by the -name of a QEMU, or by the name of the process. */
static void holders(void **state)
{
	const struct top_holder *found;
	struct top_holders *h;
	char proc[64];

	(void)state;
	shell("mkdir -p sys/proc/self sys/proc/17/fd sys/proc/300/fd sys/proc/4000/fd sys/proc/5");
	shell("cd sys/proc/300 && ln -s /dev/vfio/3 fd/9 && ln -s /dev/vfio/vfio fd/8 && "
	      "ln -s socket:[1] fd/7 && echo qemu-system-s39 > comm && "
	      "printf 'qemu\\0-m\\0001G\\0-name\\0guest=web \\0331,debug-threads=on\\0-x\\0' "
	      "> cmdline");
	shell("cd sys/proc/4000 && ln -s /dev/vfio/devices/vfio12 fd/3 && echo ccwio > comm && "
	      "printf 'ccwio\\0-name' > cmdline");
	shell("cd sys/proc/17 && for i in $(seq 600); do ln -s /dev/null fd/$i; done");
	snprintf(proc, sizeof(proc), "%s/sys/proc", root);
	h = top_holders_new(proc);
	assert_non_null(h);
	assert_null(top_holders_find(h, "3"));
	found = after_round(h, "3");
	assert_non_null(found);
	assert_int_equal(found->pid, 300);
	assert_string_equal(found->name, "web??1");
	found = top_holders_find(h, "devices/vfio12");
	assert_non_null(found);
	assert_int_equal(found->pid, 4000);
	assert_string_equal(found->name, "ccwio");
	assert_null(top_holders_find(h, "vfio"));
	assert_null(top_holders_find(h, "4"));
	shell("rm sys/proc/300/fd/9");
	assert_null(after_round(h, "3"));
	top_holders_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_driver, make_root, empty_root),
		cmocka_unit_test_setup_teardown(bound_devices, make_root, empty_root),
		cmocka_unit_test_setup_teardown(doubtful_notes, make_root, empty_root),
		cmocka_unit_test_setup_teardown(own_devices, make_root, empty_root),
		cmocka_unit_test_setup_teardown(many_devices, make_root, empty_root),
		cmocka_unit_test_setup_teardown(holders, make_root, empty_root),
	};

	return cmocka_run_group_tests(tests, NULL, remove_root);
}
