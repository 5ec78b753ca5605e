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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(no_driver, make_root, empty_root),
		cmocka_unit_test_setup_teardown(bound_devices, make_root, empty_root),
		cmocka_unit_test_setup_teardown(doubtful_notes, make_root, empty_root),
	};

	return cmocka_run_group_tests(tests, NULL, remove_root);
}
